# Steps that scripts/run and scripts/test share; each does nothing when its result is up to date. To be sourced, in the
# repository's root.

say() { echo "— $*" >&2; }

# newer_than FILE PATH…: whether any file of the paths is newer than FILE, or FILE is missing.
newer_than() {
  local file=$1
  shift
  [ ! -e "$file" ] || [ -n "$(find "$@" -newer "$file" -print -quit)" ]
}

node_modules() {
  newer_than node_modules/.package-lock.json package.json package-lock.json || return 0
  say "installing what the widget and the console are built with"
  npm ci --silent --no-progress
  touch node_modules/.package-lock.json
}

widget() {
  newer_than dist/widget.js widget package.json package-lock.json ||
    newer_than dist/console/index.html console package.json package-lock.json || return 0
  node_modules
  say "building the widget and the console"
  npm run --silent build
}

# configure [-DOPTION=VALUE…]
configure() {
  [ -e build/release/build.ninja ] && [ $# -eq 0 ] && return 0
  say "configuring"
  cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release "$@" >build-configure.log 2>&1 || {
    cat build-configure.log >&2
    rm -f build-configure.log
    return 1
  }
  rm -f build-configure.log
}

# compile [TARGET…]
compile() {
  say "building${*:+ $*}"
  ninja -C build/release "$@"
}
