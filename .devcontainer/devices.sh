#!/bin/sh
# Makes the device nodes that the tests need and the container lacks. Runs at every start of the container.
set -eu
[ -e /dev/fuse ] || mknod -m 666 /dev/fuse c 10 229
[ -e /dev/loop-control ] || mknod -m 660 /dev/loop-control c 10 237
for number in $(seq 0 63); do
  [ -e "/dev/loop$number" ] || mknod -m 660 "/dev/loop$number" b 7 "$number"
done
