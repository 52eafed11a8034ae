module vpp-ts/bench/memif

go 1.24.0
