// Command client measures a conversation with VPP through GoVPP's three ways: channel, stream and RPC.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"go.fd.io/govpp/adapter/socketclient"
	"go.fd.io/govpp/api"
	interfaces "go.fd.io/govpp/binapi/interface"
	"go.fd.io/govpp/binapi/ip"
	"go.fd.io/govpp/binapi/memclnt"
	"go.fd.io/govpp/core"

	"vpp-ts/bench/peer"
)

// Requests on their way at a time in pipelined cases.
const window = 512

// session is one connection with all its cases.
type session struct {
	connection *core.Connection
}

type work func(*session, int) (operations int, err error)

var cases = map[string]work{
	"ping-sequential/channel": (*session).channelPing,
	"ping-sequential/stream":  (*session).streamPing,
	"ping-sequential/rpc":     (*session).rpcPing,
	"ping-pipelined/channel":  func(s *session, n int) (int, error) { return s.channelPipelined(n, ping) },
	"ping-pipelined/stream":   func(s *session, n int) (int, error) { return s.streamPipelined(n, ping) },
	"routes/channel":          func(s *session, n int) (int, error) { return s.channelPipelined(n, addRoute) },
	"routes/stream":           func(s *session, n int) (int, error) { return s.streamPipelined(n, addRoute) },
	"routes-delete/stream":    func(s *session, n int) (int, error) { return s.streamPipelined(n, deleteRoute) },
	"dump-interfaces/channel": (*session).channelInterfaces,
	"dump-interfaces/rpc":     (*session).rpcInterfaces,
	"dump-routes/channel":     (*session).channelRoutes,
	"dump-routes/rpc":         (*session).rpcRoutes,
}

func main() {
	core.SetLogger(quiet())
	peer.Serve(measure)
}

func quiet() *logrus.Logger {
	logger := logrus.New()
	logger.SetLevel(logrus.PanicLevel)
	return logger
}

func measure(request peer.Request) (peer.Result, error) {
	connection, err := core.Connect(socketclient.NewVppClient(request.Socket))
	if err != nil {
		return peer.Result{}, err
	}
	s := &session{connection}
	if request.Case == "queue/channel" {
		// The server reads nothing more, so that there is no orderly end.
		return s.queue(request.Count)
	}
	defer connection.Disconnect()
	run, known := cases[request.Case]
	if !known {
		return peer.Result{}, fmt.Errorf("no case %s", request.Case)
	}
	start := time.Now()
	operations, err := run(s, request.Count)
	return peer.Result{Operations: operations, Seconds: time.Since(start).Seconds()}, err
}

// exchange is one kind of request with its reply.
type exchange struct {
	request func(int) api.Message
	reply   func() api.Message
}

var ping = exchange{
	func(int) api.Message { return &memclnt.ControlPing{} },
	func() api.Message { return &memclnt.ControlPingReply{} },
}

func (s *session) channelPing(count int) (int, error) {
	channel, err := s.connection.NewAPIChannel()
	if err != nil {
		return 0, err
	}
	defer channel.Close()
	for range count {
		if err := channel.SendRequest(&memclnt.ControlPing{}).ReceiveReply(&memclnt.ControlPingReply{}); err != nil {
			return 0, err
		}
	}
	return count, nil
}

func (s *session) streamPing(count int) (int, error) {
	stream, err := s.connection.NewStream(context.Background())
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	for range count {
		if err := stream.SendMsg(&memclnt.ControlPing{}); err != nil {
			return 0, err
		}
		if _, err := stream.RecvMsg(); err != nil {
			return 0, err
		}
	}
	return count, nil
}

func (s *session) rpcPing(count int) (int, error) {
	client := memclnt.NewServiceClient(s.connection)
	for range count {
		if _, err := client.ControlPing(context.Background(), &memclnt.ControlPing{}); err != nil {
			return 0, err
		}
	}
	return count, nil
}

func (s *session) channelPipelined(count int, kind exchange) (int, error) {
	channel, err := s.connection.NewAPIChannelBuffered(window, window)
	if err != nil {
		return 0, err
	}
	defer channel.Close()
	pending := make(chan api.RequestCtx, window)
	go func() {
		for i := range count {
			pending <- channel.SendRequest(kind.request(i))
		}
		close(pending)
	}()
	for request := range pending {
		if err := request.ReceiveReply(kind.reply()); err != nil {
			return 0, err
		}
	}
	return count, nil
}

func (s *session) streamPipelined(count int, kind exchange) (int, error) {
	stream, err := s.connection.NewStream(context.Background(), core.WithRequestSize(window), core.WithReplySize(window))
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	// A stream learns the module of its replies after the first request has been written, which may be too late for a
	// reader on another goroutine; hence one exchange in advance.
	if err := stream.SendMsg(kind.request(0)); err != nil {
		return 0, err
	}
	if _, err := stream.RecvMsg(); err != nil {
		return 0, err
	}
	slots := make(chan struct{}, window)
	failed := make(chan error, 1)
	go func() {
		for i := 1; i < count; i++ {
			slots <- struct{}{}
			if err := stream.SendMsg(kind.request(i)); err != nil {
				failed <- err
				return
			}
		}
	}()
	for i := 1; i < count; i++ {
		if _, err := stream.RecvMsg(); err != nil {
			return 0, err
		}
		<-slots
		select {
		case err := <-failed:
			return 0, err
		default:
		}
	}
	return count, nil
}

func (s *session) channelInterfaces(int) (int, error) {
	return s.channelDump(&interfaces.SwInterfaceDump{}, func() api.Message { return &interfaces.SwInterfaceDetails{} })
}

func (s *session) channelRoutes(int) (int, error) {
	return s.channelDump(&ip.IPRouteDump{}, func() api.Message { return &ip.IPRouteDetails{} })
}

func (s *session) channelDump(request api.Message, details func() api.Message) (int, error) {
	channel, err := s.connection.NewAPIChannelBuffered(window, window)
	if err != nil {
		return 0, err
	}
	defer channel.Close()
	replies := channel.SendMultiRequest(request)
	for count := 0; ; count++ {
		last, err := replies.ReceiveReply(details())
		if last || err != nil {
			return count, err
		}
	}
}

func (s *session) rpcInterfaces(int) (int, error) {
	stream, err := interfaces.NewServiceClient(s.connection).SwInterfaceDump(context.Background(), &interfaces.SwInterfaceDump{})
	if err != nil {
		return 0, err
	}
	return drain(stream.Recv)
}

func (s *session) rpcRoutes(int) (int, error) {
	stream, err := ip.NewServiceClient(s.connection).IPRouteDump(context.Background(), &ip.IPRouteDump{})
	if err != nil {
		return 0, err
	}
	return drain(stream.Recv)
}

func drain[T any](receive func() (T, error)) (int, error) {
	for count := 0; ; count++ {
		if _, err := receive(); errors.Is(err, io.EOF) {
			return count, nil
		} else if err != nil {
			return count, err
		}
	}
}

// queue fills a channel's buffer while the server reads nothing, and tells how much memory that takes.
func (s *session) queue(count int) (peer.Result, error) {
	channel, err := s.connection.NewAPIChannelBuffered(count, window)
	if err != nil {
		return peer.Result{}, err
	}
	before, err := resident()
	if err != nil {
		return peer.Result{}, err
	}
	contexts := make([]api.RequestCtx, count)
	start := time.Now()
	for i := range contexts {
		contexts[i] = channel.SendRequest(&memclnt.ControlPing{})
	}
	seconds := time.Since(start).Seconds()
	after, err := resident()
	return peer.Result{Operations: len(contexts), Seconds: seconds, Bytes: after - before}, err
}

// resident is the memory of this process in bytes.
func resident() (uint64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(status), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			kilobytes, err := strconv.ParseUint(fields[1], 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}
