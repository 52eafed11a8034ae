// Command codec measures encoding and decoding by GoVPP's generated code.
package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"go.fd.io/govpp/api"
	"go.fd.io/govpp/binapi/acl"
	interfaces "go.fd.io/govpp/binapi/interface"
	"go.fd.io/govpp/binapi/ip"
	"go.fd.io/govpp/binapi/ip_types"
	"go.fd.io/govpp/binapi/memclnt"
	"go.fd.io/govpp/codec"

	"vpp-ts/bench/peer"
)

// message is what generated code offers.
type message interface {
	api.Message
	Size() int
	Marshal([]byte) ([]byte, error)
	Unmarshal([]byte) error
}

var kinds = map[string]func() message{
	"control_ping":         func() message { return new(memclnt.ControlPing) },
	"sw_interface_details": func() message { return new(interfaces.SwInterfaceDetails) },
	"ip_route_add_del":     func() message { return new(ip.IPRouteAddDel) },
	"ip_route_details":     func() message { return new(ip.IPRouteDetails) },
	"acl_add_replace":      func() message { return new(acl.ACLAddReplace) },
}

var headers = map[api.MessageType]int{api.RequestMessage: 10, api.ReplyMessage: 6, api.EventMessage: 6}

// Results are kept so that the compiler cannot leave the work out.
var (
	encoded []byte
	decoded message
	text    string
)

func main() {
	peer.Serve(measure)
}

// measure knows <message>/encode and <message>/decode (the generated methods alone) and <message>/encode-message and
// <message>/decode-message (through GoVPP's codec, with the header); acl_add_replace/encode-text and
// acl_add_replace/decode-text (the same, from and to prefixes as text, as a program has them).
func measure(request peer.Request) (peer.Result, error) {
	name, work, _ := strings.Cut(request.Case, "/")
	create, known := kinds[name]
	if !known {
		return peer.Result{}, fmt.Errorf("no message %s", name)
	}
	var samples []sample
	for _, text := range strings.Split(request.Hex, ",") {
		one, err := newSample(create, text)
		if err != nil {
			return peer.Result{}, err
		}
		samples = append(samples, one)
	}
	operation, err := operationOf(work, create, samples)
	if err != nil {
		return peer.Result{}, err
	}
	return peer.Repeat(request.Milliseconds, operation)
}

// sample is one message in all its forms.
type sample struct {
	value message
	// data is the whole message, body what follows its header.
	data, body []byte
	// texts are its prefixes.
	texts []string
}

func newSample(create func() message, text string) (sample, error) {
	data, err := hex.DecodeString(text)
	if err != nil {
		return sample{}, err
	}
	value := create()
	body := data[headers[value.GetMessageType()]:]
	if err := check(value, body); err != nil {
		return sample{}, err
	}
	var texts []string
	for _, prefix := range prefixes(value) {
		texts = append(texts, prefix.String())
	}
	return sample{value, data, body, texts}, nil
}

// prefixes are those of the rules of an acl_add_replace; other messages are not measured with text.
func prefixes(value message) []*ip_types.Prefix {
	list, is := value.(*acl.ACLAddReplace)
	if !is {
		return nil
	}
	found := make([]*ip_types.Prefix, 0, 2*len(list.R))
	for i := range list.R {
		found = append(found, &list.R[i].SrcPrefix, &list.R[i].DstPrefix)
	}
	return found
}

// check demands that GoVPP reads and writes the very bytes of the other peers.
func check(sample message, body []byte) error {
	if err := sample.Unmarshal(body); err != nil {
		return err
	}
	again, err := sample.Marshal(nil)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, body) {
		return fmt.Errorf("%s: encodes to other bytes", sample.GetMessageName())
	}
	return nil
}

func operationOf(work string, create func() message, samples []sample) (func() error, error) {
	next := 0
	take := func() *sample {
		taken := &samples[next]
		if next++; next == len(samples) {
			next = 0
		}
		return taken
	}
	switch work {
	case "encode":
		return func() (err error) {
			encoded, err = take().value.Marshal(nil)
			return err
		}, nil
	case "decode":
		return func() error {
			decoded = create()
			return decoded.Unmarshal(take().body)
		}, nil
	case "encode-message":
		return func() (err error) {
			encoded, err = codec.DefaultCodec.EncodeMsg(take().value, 1)
			return err
		}, nil
	case "decode-message":
		return func() error {
			decoded = create()
			return codec.DefaultCodec.DecodeMsg(take().data, decoded)
		}, nil
	case "encode-text":
		targets := make([][]*ip_types.Prefix, len(samples))
		for i := range samples {
			targets[i] = prefixes(samples[i].value)
		}
		turn := 0
		return func() (err error) {
			taken := take()
			for i, target := range targets[turn] {
				if *target, err = ip_types.ParsePrefix(taken.texts[i]); err != nil {
					return err
				}
			}
			if turn++; turn == len(targets) {
				turn = 0
			}
			encoded, err = codec.DefaultCodec.EncodeMsg(taken.value, 1)
			return err
		}, nil
	case "decode-text":
		return func() error {
			list := new(acl.ACLAddReplace)
			decoded = list
			if err := codec.DefaultCodec.DecodeMsg(take().data, list); err != nil {
				return err
			}
			for i := range list.R {
				text = list.R[i].SrcPrefix.String()
				text = list.R[i].DstPrefix.String()
			}
			return nil
		}, nil
	}
	return nil, fmt.Errorf("no work %s", work)
}
