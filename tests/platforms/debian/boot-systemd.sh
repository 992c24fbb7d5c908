#!/bin/sh
# Becomes PID 1 of a separate machine: sh boot-systemd.sh FOLDER. Runs in namespaces that were unshared for it, and changes
# nothing outside of them: what could is mounted read-only.
set -eu
root=$1

mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
for path in sys sysrq-trigger; do
  [ -e "proc/$path" ] || continue
  mount --bind "proc/$path" "proc/$path"
  mount -o remount,bind,ro "proc/$path"
done
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for device in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 "dev/${device%:*}" c 1 "${device#*:}"
done
mknod -m 666 dev/tty c 5 0

mkdir -p .outside
pivot_root . .outside
# What is mounted later is seen by the services, too: where systemd takes itself for one in a container it leaves that to others.
exec chroot . /bin/sh -c 'umount -l /.outside && rmdir /.outside && mount --make-rshared / && exec env -i container=other /lib/systemd/systemd' </dev/null >/dev/null 2>&1
