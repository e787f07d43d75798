//go:build tools

// Package tools pins the programs that the tests run; see ../README.md.
package tools

import (
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
