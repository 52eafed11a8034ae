// Package peer answers measurement requests, one JSON object a line, so that the runner can alternate between
// processes that are all warm.
package peer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"time"
)

// Request names a case and what it needs.
type Request struct {
	Case string `json:"case"`
	// Hex is one or more messages for codec cases, with commas between them, that are taken in turn.
	Hex string `json:"hex"`
	// Milliseconds that a codec case runs.
	Milliseconds int `json:"milliseconds"`
	// Socket is VPP's API socket for connection cases.
	Socket string `json:"socket"`
	// Count of operations of a connection case.
	Count int `json:"count"`
	// Queues of a memif case, in each direction, bytes of its packets and of a buffer, and packets moved at once.
	Queues int `json:"queues"`
	Length int `json:"length"`
	Buffer int `json:"buffer"`
	Burst  int `json:"burst"`
}

// Result of one measurement.
type Result struct {
	Operations int     `json:"operations"`
	Seconds    float64 `json:"seconds"`
	// Bytes that a memory case holds at its peak.
	Bytes uint64 `json:"bytes,omitempty"`
	Error string `json:"error,omitempty"`
}

// Handler measures one case.
type Handler func(Request) (Result, error)

// Serve answers requests until standard input ends.
func Serve(handle Handler) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var request Request
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		runtime.GC()
		result, err := handle(request)
		if err != nil {
			result.Error = err.Error()
		}
		if err := out.Encode(result); err != nil {
			os.Exit(1)
		}
	}
}

// Repeat runs an operation in growing batches until the time is over.
func Repeat(milliseconds int, operation func() error) (Result, error) {
	limit := time.Duration(milliseconds) * time.Millisecond
	done := 0
	start := time.Now()
	for batch := 1; ; batch = min(2*batch, 4096) {
		for i := 0; i < batch; i++ {
			if err := operation(); err != nil {
				return Result{}, err
			}
		}
		done += batch
		if elapsed := time.Since(start); elapsed >= limit {
			return Result{Operations: done, Seconds: elapsed.Seconds()}, nil
		}
	}
}
