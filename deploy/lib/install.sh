# Installs what deploy/packages lists and this machine lacks. Sourced by deploy/demo and tests/run.
#
#   install_missing SECTION...    sections of deploy/packages; nothing happens when all is there

# The packages of the given sections, one a line: the name and, where it is stated, the command that it stands for.
packages_of() {
  local list=$1 section
  shift
  for section in "$@"; do
    sed -n "s/^\([a-z0-9][a-z0-9.+-]*\) *\(\[\([a-z0-9-]*\)\]\)\? *# *${section}\b.*/\1 \3/p" "$list"
  done
}

install_missing() {
  local list missing=() package command log
  list=$(dirname "${BASH_SOURCE[0]}")/../packages
  while read -r package command; do
    if [[ -n $command ]] && command -v "$command" >/dev/null; then continue; fi
    if [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      missing+=("$package")
    fi
  done < <(packages_of "$list" "$@")
  ((${#missing[@]} == 0)) && return 0

  local install=(apt-get install --yes --no-install-recommends "${missing[@]}")
  if ((EUID != 0)); then
    echo "These packages are missing and installing them needs root. Run this, then start again:" >&2
    echo "  sudo apt-get update && sudo ${install[*]}" >&2
    return 1
  fi
  echo "Installing ${#missing[@]} packages: ${missing[*]}" >&2
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  # The package lists of a fresh machine are empty or old, so a first failure is answered by fetching them.
  if ! "${install[@]}" >"$log" 2>&1 && ! { apt-get update && "${install[@]}"; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "The packages could not be installed. This is the command that failed:" >&2
    echo "  ${install[*]}" >&2
    return 1
  fi
  rm -f "$log"
}
