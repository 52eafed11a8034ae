// Command govpp talks to a VPP with GoVPP and prints what it saw as one JSON object.
//
// usage: govpp SOCKET
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"go.fd.io/govpp"
	"go.fd.io/govpp/api"
	"go.fd.io/govpp/binapi/fib_types"
	interfaces "go.fd.io/govpp/binapi/interface"
	"go.fd.io/govpp/binapi/interface_types"
	"go.fd.io/govpp/binapi/ip"
	"go.fd.io/govpp/binapi/ip_types"
	"go.fd.io/govpp/binapi/vpe"
	"go.fd.io/govpp/core"
)

const routeCount = 1000

type seen struct {
	Version    string   `json:"version"`
	Loopback   string   `json:"loopback"`
	BadIndex   string   `json:"badIndex"`
	Interfaces int      `json:"interfaces"`
	Events     []string `json:"events"`
	ByChannel  int      `json:"byChannel"`
	ByRPC      int      `json:"byRpc"`
	Dumped     int      `json:"dumped"`
	Table      string   `json:"table"`
}

func must(err error, what string) {
	if err != nil {
		log.Fatalf("%s: %v", what, err)
	}
}

func main() {
	core.SetLogLevel(2)
	conn, err := govpp.Connect(os.Args[1])
	must(err, "connect")
	defer conn.Disconnect()
	ch, err := conn.NewAPIChannel()
	must(err, "channel")
	defer ch.Close()
	must(ch.CheckCompatiblity(&interfaces.CreateLoopback{}, &ip.IPRouteAddDel{}, &vpe.ShowVersion{}), "compatibility")

	result := seen{}
	result.version(ch)
	index := result.loopback(ch)
	result.routes(conn, ch, index)
	must(json.NewEncoder(os.Stdout).Encode(result), "output")
}

func (s *seen) version(ch api.Channel) {
	reply := &vpe.ShowVersionReply{}
	must(ch.SendRequest(&vpe.ShowVersion{}).ReceiveReply(reply), "show_version")
	s.Version = reply.Version
}

// loopback makes an interface while it listens for events, with the channel API.
func (s *seen) loopback(ch api.Channel) interface_types.InterfaceIndex {
	notifications := make(chan api.Message, 10)
	subscription, err := ch.SubscribeNotification(notifications, &interfaces.SwInterfaceEvent{})
	must(err, "subscribe")
	want := &interfaces.WantInterfaceEvents{PID: uint32(os.Getpid()), EnableDisable: 1}
	must(ch.SendRequest(want).ReceiveReply(&interfaces.WantInterfaceEventsReply{}), "want")

	created := &interfaces.CreateLoopbackReply{}
	must(ch.SendRequest(&interfaces.CreateLoopback{}).ReceiveReply(created), "create_loopback")
	index := created.SwIfIndex
	up := &interfaces.SwInterfaceSetFlags{SwIfIndex: index, Flags: interface_types.IF_STATUS_API_FLAG_ADMIN_UP}
	must(ch.SendRequest(up).ReceiveReply(&interfaces.SwInterfaceSetFlagsReply{}), "set flags")
	up.SwIfIndex = 9999
	if err := ch.SendRequest(up).ReceiveReply(&interfaces.SwInterfaceSetFlagsReply{}); err != nil {
		s.BadIndex = err.Error()
	}
	for len(s.Events) < 2 {
		select {
		case message := <-notifications:
			event := message.(*interfaces.SwInterfaceEvent)
			s.Events = append(s.Events, fmt.Sprintf("%v %d", event.SwIfIndex == index, event.Flags))
		case <-time.After(5 * time.Second):
			log.Fatal("no event within 5 s")
		}
	}
	must(subscription.Unsubscribe(), "unsubscribe")

	dump := ch.SendMultiRequest(&interfaces.SwInterfaceDump{SwIfIndex: ^interface_types.InterfaceIndex(0)})
	for {
		details := &interfaces.SwInterfaceDetails{}
		stop, err := dump.ReceiveReply(details)
		must(err, "sw_interface_dump")
		if stop {
			break
		}
		s.Interfaces++
		if details.SwIfIndex == index {
			s.Loopback = details.InterfaceName
		}
	}
	return index
}

func route(i int, index interface_types.InterfaceIndex) ip.IPRoute {
	prefix, err := ip_types.ParsePrefix(fmt.Sprintf("10.%d.%d.0/24", i>>8, i&255))
	must(err, "prefix")
	path := fib_types.FibPath{SwIfIndex: uint32(index), Weight: 1, Proto: fib_types.FIB_API_PATH_NH_PROTO_IP4}
	path.Nh.Address = ip_types.AddressUnionIP4(ip_types.IP4Address{192, 0, 2, 2})
	return ip.IPRoute{Prefix: prefix, NPaths: 1, Paths: []fib_types.FibPath{path}}
}

// routes programs half of the routes through a channel, pipelined, and half by RPC, and dumps all by RPC.
func (s *seen) routes(conn *core.Connection, ch api.Channel, index interface_types.InterfaceIndex) {
	var pending []api.RequestCtx
	for i := 0; i < routeCount/2; i++ {
		pending = append(pending, ch.SendRequest(&ip.IPRouteAddDel{IsAdd: true, Route: route(i, index)}))
		if len(pending) < 50 {
			continue
		}
		for _, request := range pending {
			must(request.ReceiveReply(&ip.IPRouteAddDelReply{}), "ip_route_add_del")
			s.ByChannel++
		}
		pending = pending[:0]
	}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	rpc := ip.NewServiceClient(conn)
	for i := routeCount / 2; i < routeCount; i++ {
		_, err := rpc.IPRouteAddDel(ctx, &ip.IPRouteAddDel{IsAdd: true, Route: route(i, index)})
		must(err, "ip_route_add_del by RPC")
		s.ByRPC++
	}
	if _, err := rpc.IPRouteAddDel(ctx, &ip.IPRouteAddDel{IsAdd: true, Route: ip.IPRoute{TableID: 99}}); err != nil {
		s.Table = err.Error()
	}
	stream, err := rpc.IPRouteDump(ctx, &ip.IPRouteDump{})
	must(err, "ip_route_dump")
	for {
		details, err := stream.Recv()
		if err != nil {
			break
		}
		if address := details.Route.Prefix.Address.Un.GetIP4(); address[0] == 10 {
			s.Dumped++
		}
	}
}
