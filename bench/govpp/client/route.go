package main

import (
	"go.fd.io/govpp/api"
	"go.fd.io/govpp/binapi/fib_types"
	"go.fd.io/govpp/binapi/ip"
	"go.fd.io/govpp/binapi/ip_types"
)

var addRoute = exchange{
	func(i int) api.Message { return route(i, true) },
	func() api.Message { return &ip.IPRouteAddDelReply{} },
}

var deleteRoute = exchange{
	func(i int) api.Message { return route(i, false) },
	func() api.Message { return &ip.IPRouteAddDelReply{} },
}

// route is a host route below 20.0.0.0/8 that drops, so that a VPP without interfaces takes it.
func route(i int, add bool) api.Message {
	return &ip.IPRouteAddDel{
		IsAdd: add,
		Route: ip.IPRoute{
			Prefix: ip_types.Prefix{
				Address: ip_types.Address{
					Af: ip_types.ADDRESS_IP4,
					Un: ip_types.AddressUnionIP4([4]byte{20, byte(i >> 16), byte(i >> 8), byte(i)}),
				},
				Len: 32,
			},
			Paths: []fib_types.FibPath{{SwIfIndex: ^uint32(0), Type: fib_types.FIB_API_PATH_TYPE_DROP, Weight: 1}},
		},
	}
}
