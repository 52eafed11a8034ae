// Command echo-server is a stand-in for VPP that answers with canned bytes and does no work, so that a measurement
// shows the client. It serves any number of clients on one unix socket.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
)

// Frame header in front of every message: 8 bytes unused, u32 length, 4 bytes unused.
const frameHeader = 16

// Longest message that is accepted.
const longestMessage = 1 << 20

// Requests are gathered and replies sent in chunks of this size.
const bufferSize = 1 << 16

func main() {
	socket := flag.String("socket", "", "path of the socket to listen on")
	interfaces := flag.Int("interfaces", 10_000, "interfaces in a dump")
	routes := flag.Int("routes", 100_000, "routes in a dump")
	stall := flag.Bool("stall", false, "read nothing more after the first ping, with which clients learn that VPP answers")
	flag.Parse()
	server, err := newServer(*interfaces, *routes)
	if err != nil {
		log.Fatal(err)
	}
	server.stall = *stall
	listener, err := net.Listen("unix", *socket)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	go func() {
		// The runner ends the server by closing its standard input.
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go server.serve(connection)
	}
}

func (s *server) serve(connection net.Conn) {
	defer connection.Close()
	in := bufio.NewReaderSize(connection, bufferSize)
	out := bufio.NewWriterSize(connection, bufferSize)
	header := make([]byte, frameHeader)
	var message []byte
	for {
		// Replies go out when there is nothing left to read, as many at a time as have been asked for.
		if in.Buffered() < frameHeader {
			if err := out.Flush(); err != nil {
				return
			}
		}
		if _, err := io.ReadFull(in, header); err != nil {
			return
		}
		length := binary.BigEndian.Uint32(header[8:])
		if length < 2 || length > longestMessage {
			return
		}
		if cap(message) < int(length) {
			message = make([]byte, length)
		}
		message = message[:length]
		if _, err := io.ReadFull(in, message); err != nil {
			return
		}
		last, err := s.answer(out, message)
		if err != nil || last {
			_ = out.Flush()
			return
		}
		if s.stall && binary.BigEndian.Uint16(message) == controlPing {
			_ = out.Flush()
			select {}
		}
	}
}

var errShort = errors.New("message shorter than its header")

// answer writes the replies to one request; true after the last one of a connection.
func (s *server) answer(out *bufio.Writer, request []byte) (bool, error) {
	id := binary.BigEndian.Uint16(request)
	if id == sockclntCreate {
		if len(request) < 6 {
			return false, errShort
		}
		return false, s.handshake.write(out, request[2:6])
	}
	canned, known := s.answers[id]
	if !known {
		return false, nil
	}
	if len(request) < 10 {
		return false, errShort
	}
	return id == sockclntDelete, canned.write(out, request[6:10])
}
