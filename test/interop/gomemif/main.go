// Echoes on every queue of a memif, as a client of gomemif or as its server, until standard input ends. Prints a line for
// each change of the link.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"vpp-ts.test/gomemif/memif"
)

// How long a client waits before it tries again; gomemif leaves trying to its user.
const retry = 20 * time.Millisecond

func echo(i *memif.Interface, queue int, quit <-chan struct{}) {
	rx, err := i.GetRxQueue(queue)
	if err != nil {
		fmt.Println("failed", err)
		return
	}
	tx, err := i.GetTxQueue(queue)
	if err != nil {
		fmt.Println("failed", err)
		return
	}
	packet := make([]byte, 2048)
	for {
		select {
		case <-quit:
			return
		default:
		}
		length, err := rx.ReadPacket(packet)
		if err != nil {
			fmt.Println("failed", err)
			return
		}
		if length == 0 {
			time.Sleep(100 * time.Microsecond)
			continue
		}
		for sent := 0; sent == 0; {
			if sent = tx.WritePacket(packet[:length]); sent == 0 {
				time.Sleep(100 * time.Microsecond)
			}
		}
	}
}

func main() {
	path := flag.String("socket", "", "path of the memif socket")
	server := flag.Bool("server", false, "listen")
	id := flag.Uint("id", 0, "id of the interface")
	pairs := flag.Uint("pairs", 1, "queue pairs")
	flag.Parse()

	socket, err := memif.NewSocket("gomemif-echo", *path)
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	quit := make(chan struct{})
	i, err := socket.NewInterface(&memif.Arguments{
		Id:           uint32(*id),
		IsMaster:     *server,
		Mode:         memif.InterfaceModeEthernet,
		Name:         "echo0",
		MemoryConfig: memif.MemoryConfig{NumQueuePairs: uint16(*pairs)},
		ConnectedFunc: func(i *memif.Interface) error {
			fmt.Println("connected", i.GetMemoryConfig().NumQueuePairs)
			for queue := 0; queue < int(i.GetMemoryConfig().NumQueuePairs); queue++ {
				go echo(i, queue, quit)
			}
			return nil
		},
		DisconnectedFunc: func(*memif.Interface) error {
			fmt.Println("disconnected")
			return nil
		},
	})
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	errors := make(chan error, 16)
	socket.StartPolling(errors)
	go func() {
		for err := range errors {
			fmt.Println("failed", err)
		}
	}()
	if !*server {
		for !i.IsConnecting() {
			if err := i.RequestConnection(); err != nil {
				time.Sleep(retry)
			}
		}
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
	close(quit)
}
