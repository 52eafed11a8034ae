// Command stats measures reading a stats segment with GoVPP.
package main

import (
	"fmt"

	"go.fd.io/govpp/adapter"
	"go.fd.io/govpp/adapter/statsclient"
	"go.fd.io/govpp/api"
	"go.fd.io/govpp/core"

	"vpp-ts/bench/peer"
)

// reader holds what is prepared once for a socket.
type reader struct {
	client     *statsclient.StatsClient
	connection *core.StatsConnection
	all, one   *adapter.StatDir
	interfaces api.InterfaceStats
	nodes      api.NodeStats
	errors     api.ErrorStats
}

var readers = map[string]*reader{}

func open(socket string) (*reader, error) {
	if known := readers[socket]; known != nil {
		return known, nil
	}
	r := &reader{client: statsclient.NewStatsClient(socket)}
	var err error
	if r.connection, err = core.ConnectStats(r.client); err != nil {
		return nil, err
	}
	if r.all, err = r.client.PrepareDir(); err != nil {
		return nil, err
	}
	if r.one, err = r.client.PrepareDir("^/if/rx$"); err != nil {
		return nil, err
	}
	readers[socket] = r
	return r, nil
}

func (r *reader) operation(name string) (func() error, error) {
	switch name {
	case "full-dump":
		return func() error { _, err := r.client.DumpStats(); return err }, nil
	case "update-all":
		return func() error { return r.client.UpdateDir(r.all) }, nil
	case "update-one":
		return func() error { return r.client.UpdateDir(r.one) }, nil
	case "interfaces":
		return func() error { return r.connection.GetInterfaceStats(&r.interfaces) }, nil
	case "nodes":
		return func() error { return r.connection.GetNodeStats(&r.nodes) }, nil
	case "errors":
		return func() error { return r.connection.GetErrorStats(&r.errors) }, nil
	}
	return nil, fmt.Errorf("no case %s", name)
}

func main() {
	peer.Serve(func(request peer.Request) (peer.Result, error) {
		r, err := open(request.Socket)
		if err != nil {
			return peer.Result{}, err
		}
		operation, err := r.operation(request.Case)
		if err != nil {
			return peer.Result{}, err
		}
		return peer.Repeat(request.Milliseconds, operation)
	})
}
