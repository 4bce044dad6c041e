# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Trees of a Debian release to work in with chroot, made by debootstrap from the mirror that this
# machine's apt uses. Sourced; root only. No name of a mirror is written anywhere: another machine has
# another.

# The mirror that has a release: one mirror serves all of them. Nothing when apt knows none.
debian_mirror() {
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT) $(RELEASE)' 'Created-By: Packages' |
		awk '$2 == "Debian" && $3 == "main" && $4 !~ /-/ { print $1; exit }'
}

# What apt goes through, if anything, as an assignment for env.
debian_proxy() {
	local proxy=''
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	echo "http_proxy=${http_proxy:-$proxy}"
}

# Makes a minimal tree whose apt works. Its output is debootstrap's log.
debian_tree() { # RELEASE DIRECTORY
	local mirror
	mirror=$(debian_mirror)
	[[ -n $mirror ]] || {
		echo "apt on this machine has no mirror of Debian"
		return 1
	}
	rm -rf --one-file-system "$2"
	mkdir -p "$2"
	env "$(debian_proxy)" timeout 600 debootstrap --variant=minbase "$1" "$2" "$mirror" || return 1
	echo 'APT::Install-Recommends "false";' >"$2/etc/apt/apt.conf.d/90tree"
	# Nothing in it is to be kept through a power cut.
	echo force-unsafe-io >"$2/etc/dpkg/dpkg.cfg.d/unsafe-io"
	printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
	chmod 755 "$2/usr/sbin/policy-rc.d"
}

# Runs a command in a tree, with mounts of its own that go with it.
in_tree() { # DIRECTORY COMMAND ...
	local tree=$1
	shift
	cp --dereference /etc/resolv.conf "$tree/etc/resolv.conf"
	# shellcheck disable=SC2016 # for the shell inside
	unshare --mount bash -c '
		tree=$1; shift
		mount -t proc proc "$tree/proc" && mount --rbind /dev "$tree/dev" || exit
		exec chroot "$tree" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"' - \
		"$tree" "$(debian_proxy)" "$@"
}

# Puts this project's files into a tree as /src; what was built there stays.
tree_sources() { # ROOT DIRECTORY
	mkdir -p "$2/src"
	find "$2/src" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
	if git -C "$1" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git -C "$1" -c safe.directory='*' ls-files -z --cached --others --exclude-standard |
			(cd "$1" && xargs -0 ls -d 2>/dev/null | tar -cf - -T -) | tar -C "$2/src" -xf - --no-same-owner
	else
		tar -C "$1" --exclude=./build -cf - . | tar -C "$2/src" -xf - --no-same-owner
	fi
}
