/**
 * The completion script for bash. The library's own script needs the package bash-completion, which minimal machines lack, and
 * declares read-only variables, which fail when it is read a second time.
 */
export const bashCompletion = `# bash completion for sluice
_sluice_complete() {
    local current=\${COMP_WORDS[COMP_CWORD]} line value
    COMPREPLY=()
    while IFS= read -r line; do
        value=\${line%%$'\\t'*}
        # The last line is a number for shells that know more.
        if [[ $value != :* && $value == "$current"* ]]; then COMPREPLY+=("$value"); fi
    done < <("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _sluice_complete sluice`;
