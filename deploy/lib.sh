# Shared by deploy/start and deploy/test: messages, packages, builds. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What the caller has set must not change what is built or tested.
for name in $(compgen -e); do
  case $name in
    PENSTOCK_DEMO_DIR) ;;
    PENSTOCK_* | CMAKE_* | CTEST_* | DOCTEST_* | *SAN_OPTIONS | NINJA_STATUS | NODE_OPTIONS | NODE_PATH) unset "$name" ;;
    CC | CXX | CFLAGS | CXXFLAGS | CPPFLAGS | LDFLAGS | CPATH | LIBRARY_PATH | CDPATH | GREP_OPTIONS) unset "$name" ;;
  esac
done
export LC_ALL=C.UTF-8

bold='' dim='' red='' green='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
fi

step() { printf '%s==>%s %s%s%s\n' "$green" "$plain" "$bold" "$*" "$plain"; }
say() { printf '    %s\n' "$*"; }
die() {
  printf '%s%s: %s%s\n' "$red" "$(basename "$0")" "$*" "$plain" >&2
  exit 1
}

# The packages of some groups, one a line.
packages_of() {
  local group
  for group in "$@"; do
    awk -v group="$group" '$1 == group { print $2 }' "$root/deploy/packages.txt"
  done | sort -u
}

# The packages that are installed, one a line.
installed_packages() {
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" { print $1 }'
}

# True when what the package is wanted for is there without it: Node may come from elsewhere.
have_otherwise() {
  case $1 in
    nodejs) command -v node > /dev/null ;;
    npm) command -v npm > /dev/null ;;
    *) return 1 ;;
  esac
}

# Runs a command as root: directly, or by sudo, which may ask for a password.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    die "this needs root: run '$*' as root first, or install sudo"
  fi
}

install_packages() {
  local missing=() name installed
  command -v dpkg-query > /dev/null || die "this script knows Debian 12; elsewhere install what deploy/packages.txt lists"
  installed=$(installed_packages)
  for name in $(packages_of "$@"); do
    grep -qxF -- "$name" <<< "$installed" || have_otherwise "$name" || missing+=("$name")
  done
  if ((${#missing[@]} == 0)); then
    say "all packages are installed"
    return
  fi
  say "installing: ${missing[*]}"
  ((EUID == 0)) || say "sudo may ask for your password"
  as_root apt-get update -qq < /dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" < /dev/null > /dev/null
}

# build_preset PRESET FOLDER CMAKE-ARGUMENTS… -- TARGETS…   (no targets: everything)
build_preset() {
  local preset=$1 folder=$2 arguments=()
  shift 2
  while (($#)) && [[ $1 != -- ]]; do
    arguments+=("$1")
    shift
  done
  (($#)) && shift
  [[ -f $folder/build.ninja ]] ||
    (cd "$root" && cmake --preset "$preset" -B "$folder" "${arguments[@]}" > "$folder.log" 2>&1) ||
    { cat "$folder.log" >&2; die "cmake could not configure $preset"; }
  NINJA_STATUS='    [%f/%t, %es] ' ninja -C "$folder" "$@"
}
