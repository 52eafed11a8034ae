package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"slices"

	"go.fd.io/govpp/api"
	"go.fd.io/govpp/binapi/fib_types"
	interfaces "go.fd.io/govpp/binapi/interface"
	"go.fd.io/govpp/binapi/interface_types"
	"go.fd.io/govpp/binapi/ip"
	"go.fd.io/govpp/binapi/ip_types"
	"go.fd.io/govpp/binapi/memclnt"
	"go.fd.io/govpp/binapi/vpe"
	"go.fd.io/govpp/codec"
)

// Ids of the built-in module never change; the others are given out behind it.
const (
	sockclntCreate = 15
	sockclntDelete = 17
	controlPing    = 23
	firstFreeID    = 29
	clientHandle   = 0x80000001
)

var fixedIDs = map[string]uint16{
	"get_first_msg_id": 10, "get_first_msg_id_reply": 11, "api_versions": 12, "api_versions_reply": 13,
	"sockclnt_create": sockclntCreate, "sockclnt_create_reply": 16,
	"sockclnt_delete": sockclntDelete, "sockclnt_delete_reply": 18,
	"memclnt_keepalive": 21, "memclnt_keepalive_reply": 22,
	"control_ping": controlPing, "control_ping_reply": 24, "get_api_json": 27, "get_api_json_reply": 28,
}

// answer is a run of frames; contexts are the offsets where the request's context goes.
type answer struct {
	frames   []byte
	contexts []int
}

func (a *answer) write(out *bufio.Writer, context []byte) error {
	at := 0
	for _, offset := range a.contexts {
		if _, err := out.Write(a.frames[at:offset]); err != nil {
			return err
		}
		if _, err := out.Write(context); err != nil {
			return err
		}
		at = offset + 4
	}
	_, err := out.Write(a.frames[at:])
	return err
}

// server holds what every connection is answered with.
type server struct {
	ids       map[string]uint16
	handshake *answer
	answers   map[uint16]*answer
	stall     bool
}

func newServer(interfaceCount, routeCount int) (*server, error) {
	s := &server{ids: map[string]uint16{}, answers: map[uint16]*answer{}}
	s.numberMessages()
	var err error
	if s.handshake, err = s.encode(s.handshakeReply()); err != nil {
		return nil, err
	}
	canned := map[string][]api.Message{
		"sockclnt_delete":        {&memclnt.SockclntDeleteReply{Response: 1}},
		"control_ping":           {&memclnt.ControlPingReply{VpePID: uint32(os.Getpid())}},
		"get_first_msg_id":       {&memclnt.GetFirstMsgIDReply{Retval: -7, FirstMsgID: 0xffff}},
		"show_version":           {&vpe.ShowVersionReply{Program: "echo-server", Version: "26.06-canned"}},
		"ip_route_add_del":       {&ip.IPRouteAddDelReply{StatsIndex: 7}},
		"sw_interface_dump":      interfaceDetails(interfaceCount),
		"ip_route_dump":          routeDetails(routeCount),
		"create_loopback":        {&interfaces.CreateLoopbackReply{SwIfIndex: 1}},
		"ip_table_add_del":       {&ip.IPTableAddDelReply{}},
		"sw_interface_set_flags": {&interfaces.SwInterfaceSetFlagsReply{}},
	}
	for name, replies := range canned {
		if s.answers[s.ids[name]], err = s.encode(replies...); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// numberMessages gives an id to every message of the modules that the measurements use.
func (s *server) numberMessages() {
	next := uint16(firstFreeID)
	for _, message := range served() {
		name := message.GetMessageName()
		if id, fixed := fixedIDs[name]; fixed {
			s.ids[name] = id
			continue
		}
		s.ids[name] = next
		next++
	}
}

func served() []api.Message {
	return slices.Concat(memclnt.AllMessages(), vpe.AllMessages(), interfaces.AllMessages(), ip.AllMessages())
}

func (s *server) handshakeReply() api.Message {
	reply := &memclnt.SockclntCreateReply{Index: clientHandle}
	for _, message := range served() {
		reply.MessageTable = append(reply.MessageTable, memclnt.MessageTableEntry{
			Index: s.ids[message.GetMessageName()],
			Name:  fmt.Sprintf("%s_%s", message.GetMessageName(), message.GetCrcString()),
		})
	}
	return reply
}

// encode lays out the frames of some replies behind each other.
func (s *server) encode(replies ...api.Message) (*answer, error) {
	made := &answer{}
	for _, reply := range replies {
		body, err := codec.DefaultCodec.EncodeMsg(reply, s.ids[reply.GetMessageName()])
		if err != nil {
			return nil, err
		}
		header := make([]byte, frameHeader)
		binary.BigEndian.PutUint32(header[8:], uint32(len(body)))
		offset := len(made.frames) + frameHeader + 2
		// The handshake's reply has a client index in front of the context, like a request.
		if reply.GetMessageType() == api.RequestMessage {
			offset += 4
		}
		made.frames = append(append(made.frames, header...), body...)
		made.contexts = append(made.contexts, offset)
	}
	return made, nil
}

func interfaceDetails(count int) []api.Message {
	made := make([]api.Message, count)
	for i := range made {
		made[i] = &interfaces.SwInterfaceDetails{
			SwIfIndex:        interface_types.InterfaceIndex(i + 1),
			SupSwIfIndex:     uint32(i + 1),
			L2Address:        [6]byte{0xde, 0xad, byte(i >> 16), byte(i >> 8), byte(i), 0},
			Flags:            3,
			LinkMtu:          9000,
			Mtu:              []uint32{9000, 0, 0, 0},
			InterfaceName:    fmt.Sprintf("loop%d", i),
			InterfaceDevType: "Loopback",
		}
	}
	return made
}

func routeDetails(count int) []api.Message {
	made := make([]api.Message, count)
	for i := range made {
		route := ip.IPRoute{
			Prefix: ip_types.Prefix{
				Address: ip_types.Address{
					Af: ip_types.ADDRESS_IP4,
					Un: ip_types.AddressUnionIP4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}),
				},
				Len: 32,
			},
			StatsIndex: uint32(i),
			NPaths:     1,
			Paths:      []fib_types.FibPath{{SwIfIndex: 1, Weight: 1}},
		}
		route.Paths[0].Nh.Address.SetIP4([4]byte{10, 0, 0, 2})
		made[i] = &ip.IPRouteDetails{Route: route}
	}
	return made
}
