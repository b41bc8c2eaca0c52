# shellcheck shell=bash
# `use envd` for direnv (https://direnv.net): a project's environment by envd, loaded by direnv in place of envd's hook.
# Link or copy this file into ~/.config/direnv/lib/, and write into a project's .envrc:
#
#   use envd            the project around the .envrc
#   use envd DIR        another one
#
# direnv loads it again when the environment has switched. Nothing is allowed here: `envd allow` is for you to type.
# Where there is no envd, nothing happens.

use_envd() {
  local directory=${1:-.} file text words
  if ! has envd; then
    log_status "envd is not installed: its environment is left out"
    return 0
  fi
  directory=$(expand_path "$directory")
  # Also where there is no environment: there may be one later.
  while IFS= read -r file; do
    if [[ $file ]]; then watch_file "$file"; fi
  done < <(envd env --watched "$directory" 2>/dev/null)
  words=$(mktemp)
  if text=$(envd env --shell bash "$directory" 2>"$words"); then
    eval "$text"
  else
    # What is wrong, and what to type, in envd's own words.
    while IFS= read -r file; do log_status "envd: $file"; done <"$words"
  fi
  rm -f "$words"
}
