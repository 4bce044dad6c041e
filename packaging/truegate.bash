# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# bash completion for truegate(1)
_truegate() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=''
	COMPREPLY=()
	case $before in
	--policy | --established | --catalogue | --config | --log | --names | --html | --rdap-ca | --ca)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null
		return
		;;
	--format) words='text jsonl' ;;
	--language) words='en vi' ;;
	*)
		case $COMP_CWORD:${COMP_WORDS[1]} in
		1:*) words='check replay run status suggest policy exempt established report --help --version' ;;
		*:check | *:replay) words='--policy --established --catalogue --format --help' ;;
		*:run) words='--config --dry-run --help' ;;
		*:suggest) words='--apply --config --help' ;;
		*:status) words='--json --config --rules --help' ;;
		*:report) words='--since --until --log --config --html --takedown --language --rdap --rdap-server --rdap-ca --help' ;;
		*:exempt) words='--config --search --search-from-resolv-conf --help' ;;
		2:established) words='import --help' ;;
		*:established) words='--config --help' ;;
		2:policy) words='init check diff install fetch rollback --help' ;;
		*:policy)
			case ${COMP_WORDS[2]} in
			check) words='--catalogue --established --help' ;;
			init) words='--group --contact --output --catalogue --help' ;;
			diff) words='--names --config --help' ;;
			install) words='--config --yes --older --help' ;;
			fetch) words='--config --ca --jitter --help' ;;
			rollback) words='--config --help' ;;
			esac
			;;
		esac
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	if ((${#COMPREPLY[@]} == 0)); then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null
	fi
}
complete -F _truegate truegate
