// Command govpp-stats reads a stats segment with GoVPP and prints it as lines of JSON: a second opinion on what our
// publisher writes.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"go.fd.io/govpp/adapter"
	"go.fd.io/govpp/adapter/statsclient"
)

type entry struct {
	Index    uint32        `json:"index"`
	Name     string        `json:"name"`
	Type     string        `json:"type"`
	Scalar   *float64      `json:"scalar,omitempty"`
	Simple   [][]uint64    `json:"simple,omitempty"`
	Combined [][][2]uint64 `json:"combined,omitempty"`
	Names    []string      `json:"names,omitempty"`
}

func describe(stat adapter.StatEntry) entry {
	e := entry{Index: stat.Index, Name: string(stat.Name), Type: string(stat.Type)}
	switch data := stat.Data.(type) {
	case adapter.ScalarStat:
		value := float64(data)
		e.Scalar = &value
	case adapter.SimpleCounterStat:
		for _, row := range data {
			values := make([]uint64, len(row))
			for i, v := range row {
				values[i] = uint64(v)
			}
			e.Simple = append(e.Simple, values)
		}
	case adapter.CombinedCounterStat:
		for _, row := range data {
			values := make([][2]uint64, len(row))
			for i, v := range row {
				values[i] = [2]uint64{v.Packets(), v.Bytes()}
			}
			e.Combined = append(e.Combined, values)
		}
	case adapter.NameStat:
		for _, name := range data {
			e.Names = append(e.Names, string(name))
		}
	}
	return e
}

func dump(client *statsclient.StatsClient, patterns []string) error {
	stats, err := client.DumpStats(patterns...)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for _, stat := range stats {
		if err := encoder.Encode(describe(stat)); err != nil {
			return err
		}
	}
	return nil
}

func run() error {
	socket := flag.String("socket", "/run/vpp/stats.sock", "stats socket")
	flag.Parse()
	client := statsclient.NewStatsClient(*socket)
	if err := client.Connect(); err != nil {
		return err
	}
	defer client.Disconnect()
	return dump(client, flag.Args())
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
