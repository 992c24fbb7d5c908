#!/bin/sh
# Installs Sluice from this stick:  sh install.sh
# Only looks whether the stick is whole:  sh install.sh --verify
# Installs an older version than the installed one:  sh install.sh --older
# Puts the program of before back:  sh install.sh --rollback
# Removes the program, and nothing else:  sh install.sh --uninstall
#
# For any POSIX sh, with nothing but what every system has. The stick may be read-only and mounted noexec. What is installed is replaced
# by one rename at the very end: whatever fails before leaves it as it was.
set -u
umask 022

new=
kept=
kept_in=
work=
seal=
older=

# Names on the stick may hold what a terminal obeys.
plain() {
  printf '%s\n' "$*" | LC_ALL=C tr -d '\001-\011\013-\037\177'
}

say() {
  plain "$*"
}

fail() {
  plain "install.sh: $*" >&2
  exit 1
}

clean_up() {
  [ -z "$new" ] || rm -f -- "$new"
  [ -z "$kept" ] || rm -f -- "$kept"
  [ -z "$kept_in" ] || rmdir -- "$kept_in" 2>/dev/null
  [ -z "$work" ] || rm -rf -- "$work"
  [ -z "$seal" ] || rm -rf -- "$seal"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

find_kit() {
  case $0 in
    */*) kit=${0%/*} ;;
    *) kit=. ;;
  esac
  kit=$(CDPATH='' cd -- "${kit:-/}" && pwd -P) || fail "cannot find the folder of this script"
  [ -f "$kit/CHECKSUMS" ] || fail "there is no CHECKSUMS in $kit: run this script from the stick itself"
}

choose_executable() {
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=darwin ;;
    *) fail "there is no Sluice for $(uname -s)" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "there is no Sluice for machines of the kind $(uname -m)" ;;
  esac
  name=sluice-$system-$machine
}

# With no environment at all the home is still known by the system.
choose_folder() {
  if [ "$(id -u)" = 0 ]; then
    folder=/usr/local/bin
    whose=
    remembered=/etc/sluice
    [ "$system" = linux ] || remembered='/Library/Application Support/Sluice'
    unit=/etc/systemd/system/sluice.service
    job=/Library/LaunchDaemons/org.sluice.agent.plist
  else
    if [ -z "${HOME:-}" ]; then
      user=$(id -un)
      case $user in
        '' | *[!A-Za-z0-9._-]*) fail "no home folder is known: set HOME" ;;
      esac
      eval "HOME=~$user"
    fi
    export HOME
    folder=$HOME/.local/bin
    whose=--mine
    remembered=${XDG_CONFIG_HOME:-$HOME/.config}/sluice
    [ "$system" = linux ] || remembered=$HOME/Library/Application\ Support/Sluice
    unit=$HOME/.config/systemd/user/sluice.service
    job=$HOME/Library/LaunchAgents/org.sluice.agent.plist
  fi
  target=$folder/sluice
  previous=$folder/sluice.previous
  for taken in "$target" "$previous"; do
    [ ! -d "$taken" ] || fail "$taken is a folder: move it away, then try again"
  done
}

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sum=$(sha256sum <"$1") || return 1
  elif command -v shasum >/dev/null 2>&1; then
    sum=$(shasum -a 256 <"$1") || return 1
  elif command -v openssl >/dev/null 2>&1; then
    sum=$(openssl dgst -sha256 -r <"$1") || return 1
  else
    fail "this machine has none of sha256sum, shasum, openssl: install one of them"
  fi
  sum=${sum%% *}
}

# What vouches for the stick is read once, here. A stick may answer differently the next time: what was verified is what is used.
read_seal() {
  seal=$(mktemp -d "${TMPDIR:-/tmp}/sluice-seal.XXXXXX") || fail "cannot make a folder in ${TMPDIR:-/tmp}"
  for file in CHECKSUMS CHECKSUMS.sig SIGNING-KEY.pub; do
    [ -f "$kit/$file" ] || continue
    dd if="$kit/$file" of="$seal/$file" bs=1048576 count=2 2>/dev/null || fail "cannot read $file"
  done
}

# What is on this machine looks at the stick before anything of the stick runs: a changed program would say that all is well.
# Nothing of it is here at the first installation, and a program or an openssl of earlier years may not be able to tell. Whether it
# is able is asked without the stick: from a stick that makes it fail, nothing is installed.
ask_what_is_here() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/sluice-key.XXXXXX") || fail "cannot make a folder in ${TMPDIR:-/tmp}"
  if [ -f "$target" ] && [ -x "$target" ] && "$target" kit verify --help 2>/dev/null | grep -q -e '--seal'; then
    code=0
    "$target" kit verify "$kit" --seal "$seal" $older >"$work/said" 2>&1 || code=$?
    if [ "$code" != 0 ]; then
      cat -- "$work/said" >&2
      [ "$code" = 1 ] || fail "the installed $target could not verify this stick ($code); nothing of the stick was run"
      fail "the installed $target refuses this stick; nothing of the stick was run"
    fi
  fi
  key=$remembered/SIGNING-KEY.pub
  if [ -f "$key" ] && openssl pkeyutl -help 2>&1 | grep -q -e -rawin; then
    tr -d ' \t\r\n' <"$seal/CHECKSUMS.sig" | openssl base64 -d -A >"$work/signature" 2>/dev/null
    openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$seal/CHECKSUMS" -sigfile "$work/signature" >/dev/null 2>&1 || {
      say "CHECKSUMS or CHECKSUMS.sig was changed, or SIGNING-KEY.pub is another key ($kit) than that of the earlier installation ($key)" >&2
      fail "the stick is not signed by the key of the earlier installation; nothing of the stick was run"
    }
  fi
  rm -rf -- "$work"
  work=
}

# $1: an empty file, or a name that nothing has yet
copy_checked() {
  from=$kit/bin/$name
  [ -f "$from" ] || fail "bin/$name is not on this stick: it has $(cd -- "$kit/bin" && printf '%s ' sluice-*)"
  wanted=$(sed -n "s|^\([0-9a-f]\{64\}\)  bin/$name\$|\1|p" "$seal/CHECKSUMS") || fail "cannot read CHECKSUMS"
  [ -n "$wanted" ] || fail "CHECKSUMS was changed: bin/$name is not in it"
  # Synced, where dd can do that: after a power cut the name must not stand for an empty file.
  dd if="$from" of="$1" bs=1048576 conv=fsync 2>/dev/null || cat -- "$from" >"$1" || fail "cannot copy bin/$name to ${1%/*}"
  sha256_of "$1" || fail "cannot read the copy of bin/$name"
  [ "$sum" = "$wanted" ] || fail "bin/$name was changed: its sha256 is not the one in CHECKSUMS. Install nothing from this stick"
  chmod 755 "$1" || fail "cannot make $1 a program"
}

# The stick may be mounted noexec, and so may any one folder for temporary files.
verify_only() {
  read_seal
  ask_what_is_here
  for place in "${TMPDIR:-/tmp}" /var/tmp "$folder"; do
    work=$(mktemp -d "$place/sluice-verify.XXXXXX" 2>/dev/null) || {
      work=
      continue
    }
    copy_checked "$work/sluice"
    code=0
    "$work/sluice" kit verify "$kit" --seal "$seal" || code=$?
    rm -rf -- "$work"
    work=
    [ "$code" = 126 ] || exit "$code"
  done
  fail "bin/$name cannot run on this machine"
}

keep_target() {
  kept_in=$(mktemp -d "$folder/.sluice.kept.XXXXXX") || fail "cannot make a folder in $folder"
  kept=$kept_in/sluice
  ln "$target" "$kept" 2>/dev/null || cp -p "$target" "$kept" || fail "cannot keep $target as sluice.previous"
}

# The three renames below are not to be torn apart.
hold_signals() {
  trap '' HUP INT TERM
}

install_it() {
  mkdir -p -- "$folder" || fail "cannot make $folder"
  [ -w "$folder" ] || fail "cannot write into $folder"
  read_seal
  ask_what_is_here
  # No name that somebody could have foreseen: the folder may be writable to a group.
  new=$(mktemp "$folder/.sluice.new.XXXXXX") || fail "cannot write into $folder"
  copy_checked "$new"
  code=0
  "$new" kit verify "$kit" --seal "$seal" || code=$?
  case $code in
    0) ;;
    1) fail "nothing was installed" ;;
    *) fail "bin/$name cannot run on this machine from $folder ($code); nothing was installed" ;;
  esac
  is_upgrade=
  if [ -f "$target" ]; then
    is_upgrade=1
    new_sum=$sum
    sha256_of "$target" || fail "cannot read $target"
    if [ "$sum" = "$new_sum" ]; then
      remember
      say "$target is already the same program; nothing was changed"
      return
    fi
    keep_target
  fi
  hold_signals
  mv -f -- "$new" "$target" || fail "cannot write $target; it is unchanged"
  new=
  if [ -n "$kept" ]; then
    mv -f -- "$kept" "$previous" || {
      mv -f -- "$kept" "$target"
      kept=
      fail "cannot write $previous; $target is unchanged"
    }
    kept=
  fi
  remember
  tell_next
}

remember() {
  "$target" kit remember $whose "$seal" || say "CAUTION: the next stick cannot be compared with this one"
}

tell_next() {
  say "installed: $target ($("$target" --version))"
  shown=sluice
  case ":$PATH:" in
    *":$folder:"*) ;;
    *)
      say "$folder is not in PATH: type its whole path, or add the folder to PATH"
      shown=$target
      ;;
  esac
  if [ -n "$is_upgrade" ]; then
    say "the earlier program is kept: $previous (sh install.sh --rollback puts it back)"
    say "next: $shown restart --drain    finishes running copies, then starts the new program"
  else
    say "next: $shown init --from FOLDER --to FOLDER    then: $shown service install${whose:+ $whose}"
  fi
}

roll_back() {
  [ -f "$previous" ] || fail "there is no $previous to put back"
  [ -w "$folder" ] || fail "cannot write into $folder"
  [ ! -f "$target" ] || keep_target
  hold_signals
  mv -f -- "$previous" "$target" || fail "cannot write $target; it is unchanged"
  if [ -n "$kept" ]; then
    mv -f -- "$kept" "$previous" || say "CAUTION: cannot write $previous"
  fi
  kept=
  say "put back: $target ($("$target" --version)); the program that it replaced is now $previous"
  say "next: $target restart --drain"
  say "if that says that the journal was written by a newer Sluice: INSTALL.txt, ROLL BACK"
}

# The program itself knows whether something would go on without it.
uninstall() {
  [ -f "$target" ] || [ -f "$previous" ] || fail "nothing is installed in $folder"
  [ -w "$folder" ] || fail "cannot write into $folder"
  if [ -f "$target" ]; then
    service=$("$target" service status $whose 2>/dev/null)
    case $service in
      '' | 'not installed'*) ;;
      *) fail "it is installed as a service: first run $target service uninstall${whose:+ $whose}" ;;
    esac
    for file in "$unit" "$job"; do
      [ ! -f "$file" ] || fail "it is installed as a service ($file): first run $target service uninstall${whose:+ $whose}"
    done
    code=0
    "$target" status >/dev/null 2>&1 || code=$?
    [ "$code" -gt 1 ] || fail "an agent is running: first run $target stop"
    # One that this user's settings do not lead to. Only Linux tells.
    for process in /proc/[0-9]*; do
      case $(readlink "$process/exe" 2>/dev/null) in
        "$target" | "$previous" | "$target (deleted)" | "$previous (deleted)")
          fail "process ${process#/proc/} is Sluice: stop it first ($target stop, with --state if it has another state folder)"
          ;;
      esac
    done
  fi
  hold_signals
  rm -f -- "$target" "$previous" || fail "cannot remove $target"
  say "removed: $target. The copied files, the journal and the configuration stay:"
  if [ -z "$whose" ]; then
    say "  /etc/sluice and /var/lib/sluice (macOS: /Library/Application Support/Sluice)"
  else
    say "  ~/.config/sluice and ~/.local/state/sluice (macOS: ~/Library/Application Support/Sluice)"
  fi
}

find_kit
choose_executable
choose_folder
case ${1:-} in
  '') install_it ;;
  --verify) verify_only ;;
  --older)
    older=--older
    install_it
    ;;
  --rollback) roll_back ;;
  --uninstall) uninstall ;;
  *) fail "unknown option $1: use sh install.sh [--verify | --older | --rollback | --uninstall]" ;;
esac
