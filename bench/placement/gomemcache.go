// Asks gomemcache where keys go: see README.md.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/bradfitz/gomemcache/memcache"
)

func lines(file *os.File, each func(string)) {
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		each(in.Text())
	}
}

func main() {
	file, err := os.Open(os.Args[len(os.Args)-1])
	if err != nil {
		panic(err)
	}
	var keys []string
	lines(file, func(line string) {
		key, err := hex.DecodeString(line)
		if err != nil {
			panic(err)
		}
		keys = append(keys, string(key))
	})
	out := bufio.NewWriter(os.Stdout)
	lines(os.Stdin, func(line string) {
		var addresses []string
		index := map[string]int{}
		for i, text := range strings.Split(line, "\t")[2:] {
			parts := strings.Split(text, ":")
			address := parts[0] + ":" + parts[1]
			addresses = append(addresses, address)
			index[address] = i
		}
		var servers memcache.ServerList
		if err := servers.SetServers(addresses...); err != nil {
			panic(err)
		}
		for i, key := range keys {
			address, err := servers.PickServer(key)
			if err != nil {
				panic(err)
			}
			if i > 0 {
				fmt.Fprint(out, " ")
			}
			fmt.Fprint(out, index[address.String()])
		}
		fmt.Fprintln(out)
		out.Flush()
	})
}
