// Command memif measures moving packets with gomemif, as a client with the defaults that ours has too.
package main

import (
	"fmt"
	"time"

	"go.fd.io/govpp/extras/gomemif/memif"

	"vpp-ts/bench/peer"
)

const (
	// window is the number of echoed packets on their way, of each queue.
	window = 512
)

// header is an Ethernet header, as in our own packets.
var header = []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00}

// link is an interface that is up.
type link struct {
	socket  *memif.Socket
	rx, tx  []*memif.Queue
	buffers []memif.MemifPacketBuffer
	frame   []byte
	burst   int
	// seen is what was read of the packets received: every subject has a look at each.
	seen byte
}

func connect(request peer.Request) (*link, error) {
	socket, err := memif.NewSocket("gomemif", request.Socket)
	if err != nil {
		return nil, err
	}
	up := make(chan struct{}, 1)
	it, err := socket.NewInterface(&memif.Arguments{
		Name:             "bench",
		MemoryConfig:     memif.MemoryConfig{NumQueuePairs: uint16(request.Queues), PacketBufferSize: uint32(request.Buffer)},
		ConnectedFunc:    func(*memif.Interface) error { up <- struct{}{}; return nil },
		DisconnectedFunc: func(*memif.Interface) error { return nil },
	})
	if err != nil {
		return nil, err
	}
	if err := it.RequestConnection(); err != nil {
		return nil, err
	}
	socket.StartPolling(make(chan error, 16))
	select {
	case <-up:
	case <-time.After(10 * time.Second):
		return nil, fmt.Errorf("not connected after 10 s")
	}
	return prepare(&link{socket: socket, burst: request.Burst}, it, request)
}

func prepare(l *link, it *memif.Interface, request peer.Request) (*link, error) {
	for n := 0; n < request.Queues; n++ {
		rx, err := it.GetRxQueue(n)
		if err != nil {
			return nil, err
		}
		tx, err := it.GetTxQueue(n)
		if err != nil {
			return nil, err
		}
		l.rx, l.tx = append(l.rx, rx), append(l.tx, tx)
		// Only Refill gives the server its first buffers; Rx_burst never does.
		rx.Refill(0)
	}
	for n := 0; n < l.burst; n++ {
		l.buffers = append(l.buffers, memif.MemifPacketBuffer{Buf: make([]byte, request.Buffer)})
	}
	l.frame = make([]byte, request.Length)
	copy(l.frame, header)
	return l, nil
}

func (l *link) close() {
	// What it says of a peer that is gone already is of no interest.
	_ = l.socket.StopPolling()
	_ = l.socket.Delete()
}

// step moves packets of one queue and gives their number.
type step func(queue int) (int, error)

func (l *link) steps() map[string]step {
	return map[string]step{
		"received/packet": func(q int) (int, error) {
			for n := 0; n < l.burst; n++ {
				length, err := l.rx[q].ReadPacket(l.buffers[0].Buf)
				if length == 0 || err != nil {
					return n, err
				}
				l.seen ^= l.buffers[0].Buf[0]
			}
			return l.burst, nil
		},
		"received/burst": func(q int) (int, error) {
			n, err := l.rx[q].Rx_burst(l.buffers)
			l.rx[q].Refill(int(n))
			for i := range l.buffers[:n] {
				l.seen ^= l.buffers[i].Buf[0]
			}
			return int(n), err
		},
		// Tx_burst does not look how many slots are free, so that it cannot feed a ring that gets full.
		"sent/packet": func(q int) (int, error) {
			for n := 0; n < l.burst; n++ {
				if l.tx[q].WritePacket(l.frame) == 0 {
					return n, nil
				}
			}
			return l.burst, nil
		},
		"echo/packet": func(q int) (int, error) {
			for n := 0; n < l.burst; n++ {
				length, err := l.rx[q].ReadPacket(l.buffers[0].Buf)
				if length == 0 || err != nil {
					return n, err
				}
				l.tx[q].WritePacket(l.buffers[0].Buf[:length])
			}
			return l.burst, nil
		},
		"echo/burst": func(q int) (int, error) {
			n, err := l.rx[q].Rx_burst(l.buffers)
			if n == 0 || err != nil {
				return 0, err
			}
			l.rx[q].Refill(int(n))
			replies := make([]memif.MemifPacketBuffer, n)
			for i := range replies {
				replies[i].Buf = l.buffers[i].Buf[:l.buffers[i].Buflen]
			}
			l.tx[q].Tx_burst(replies)
			return int(n), nil
		},
	}
}

func (l *link) run(name string, milliseconds int) (peer.Result, error) {
	move := l.steps()[name]
	if move == nil {
		return peer.Result{}, fmt.Errorf("unknown case")
	}
	if name[:4] == "echo" {
		for _, tx := range l.tx {
			for n := 0; n < window; n++ {
				tx.WritePacket(l.frame)
			}
		}
	}
	if err := l.awaitFirst(move); err != nil {
		return peer.Result{}, err
	}
	limit := time.Duration(milliseconds) * time.Millisecond
	done := 0
	start := time.Now()
	for {
		for n := 0; n < 64; n++ {
			for q := range l.rx {
				moved, err := move(q)
				if err != nil {
					return peer.Result{}, err
				}
				done += moved
			}
		}
		if elapsed := time.Since(start); elapsed >= limit {
			return peer.Result{Operations: done, Seconds: elapsed.Seconds()}, nil
		}
	}
}

func (l *link) awaitFirst(move step) error {
	for limit := time.Now().Add(5 * time.Second); time.Now().Before(limit); {
		for q := range l.rx {
			if moved, err := move(q); moved > 0 || err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("testpmd moves no packets")
}

func main() {
	peer.Serve(func(request peer.Request) (peer.Result, error) {
		l, err := connect(request)
		if err != nil {
			return peer.Result{}, err
		}
		defer l.close()
		return l.run(request.Case, request.Milliseconds)
	})
}
