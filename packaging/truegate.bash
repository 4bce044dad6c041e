# shellcheck shell=bash
# bash completion for truegate(1)
_truegate() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=''
	COMPREPLY=()
	case $before in
	--policy | --config)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null
		return
		;;
	--format) words='text jsonl' ;;
	*)
		case $COMP_CWORD:${COMP_WORDS[1]} in
		1:*) words='check replay run policy --help --version' ;;
		*:check | *:replay) words='--policy --format --help' ;;
		*:run) words='--config --help' ;;
		2:policy) words='check --help' ;;
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
