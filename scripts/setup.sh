# Sourced by the other scripts: what they need on the machine, and where it is kept.
# Everything that is downloaded or built lies in .build* folders of the checkout.

set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$checkout/.build-tools"
swift_wanted=6.3

case "${1:-}" in
    # What stands at the top of the script that sources this.
    -h | --help) awk 'NR > 2 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; exit 0 ;;
esac

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# install_packages NAME…: the Debian packages among these that are missing.
install_packages() {
    local missing=() name
    for name in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || fail "this script installs Debian packages with apt-get; install these by hand: ${missing[*]}"
    say "Installing ${missing[*]}"
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "run this as root once, or install these packages: apt-get install ${missing[*]}"
        root=(sudo)
    fi
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

runtime_packages=(libopenblas-dev libcairo2-dev fonts-dejavu-core libpng-dev libjpeg62-turbo-dev libturbojpeg0-dev libheif-dev libwebp-dev libtiff-dev liblcms2-dev zlib1g-dev libsystemd-dev libsqlite3-dev libpq-dev pkg-config python3 python3-pip)

require_swift() {
    command -v swift >/dev/null || [ ! -x /opt/swift/usr/bin/swift ] || PATH="$PATH:/opt/swift/usr/bin"
    command -v swift >/dev/null || fail "Swift $swift_wanted is needed and there is no swift on PATH.
Install it with swiftly (https://www.swift.org/install/linux/): swiftly install $swift_wanted
or unpack the release for your distribution from https://www.swift.org/download/ and put its usr/bin on PATH; then run this again."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    printf '%s\n%s\n' "$swift_wanted" "$version" | sort -CV ||
        fail "Swift $swift_wanted or later is needed and swift on PATH is ${version:-of no version it tells}; swiftly install $swift_wanted brings it"
}

# pip_download PROJECT SHA256 FILE: the source archive FILE of a Python package into $tools/downloads. Nothing of it is run, neither
# before its sha256 is checked nor after: pip would build it to learn what it is.
pip_download() {
    local project=$1 sha256=$2 file="$tools/downloads/$3"
    mkdir -p "$tools/downloads"
    [ -f "$file" ] && printf '%s  %s\n' "$sha256" "$file" | sha256sum --check --status && return
    rm -f "$file"
    say "Downloading $3 from the Python package index"
    "$checkout/scripts/download-archive" "$project" "$3" "$sha256" "$tools/downloads" ||
        fail "$3 is not there as it should be, with the sha256 $sha256; do not use another"
}

# swift_build ARGUMENT…: swift build, in release. The package manager tells the compiler the package's traits in the order of a hash table.
# Without the variable it is another in each call, and each call compiles everything again.
swift_build() { SWIFT_DETERMINISTIC_HASHING=1 swift build -c release "$@"; }

# The CC0 face networks of dlib's author, in $dlib_models.
obtain_face_networks() {
    dlib_models="$tools/dlib-models"
    "$checkout/scripts/fetch-face-networks" "$dlib_models" "$tools/downloads"
}

# Photographs that a Python package brings, in $example_photographs, a folder per person.
obtain_example_photographs() {
    example_photographs="$tools/example-photographs"
    [ -f "$example_photographs/complete" ] && return
    pip_download face-recognition \
        5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec face_recognition-1.3.0.tar.gz
    rm -rf "$example_photographs" && mkdir -p "$example_photographs/obama" "$example_photographs/biden"
    local from=face_recognition-1.3.0/tests/test_images
    tar -xzf "$tools/downloads/face_recognition-1.3.0.tar.gz" -C "$example_photographs/obama" --strip-components=3 \
        $from/obama.jpg $from/obama2.jpg $from/obama3.jpg
    tar -xzf "$tools/downloads/face_recognition-1.3.0.tar.gz" -C "$example_photographs/biden" --strip-components=3 $from/biden.jpg
    touch "$example_photographs/complete"
}

# The reference implementations for tests and benchmarks (ONNX Runtime and others), in $venv.
# With the word benchmark or export, what only benchmarks compare with, or networks are exported with, as well.
install_python_tools() {
    venv="$tools/venv"
    local lists="$checkout/Tests/Support/python"
    install_python_list "$lists/requirements.txt" "$venv/installed.txt" new
    [ -z "${1:-}" ] || install_python_list "$lists/requirements-$1.txt" "$venv/installed-$1.txt"
}

# A list with hashes, into $venv, unless the file that is named second says that it is there; with a third word into a new one.
install_python_list() {
    local requirements=$1 installed=$2
    cmp -s "$requirements" "$installed" && return
    say "Installing the reference implementations (ONNX Runtime and others) from the Python package index"
    if [ -n "${3:-}" ]; then
        rm -rf "$venv"
        python3 -m venv "$venv"
    fi
    # What has another hash than when the list was made is refused, and nothing is built. A list is whole: nothing is looked for beyond it.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r "$requirements"
    cp "$requirements" "$installed"
}

# The data sets, in LIKENESS_SHARED: named by the caller, or the folder shared beside the checkout.
find_shared_material() {
    if [ -z "${LIKENESS_SHARED:-}" ] && [ -d "$checkout/../shared/data" ]; then
        LIKENESS_SHARED=$(cd "$checkout/../shared" && pwd)
    fi
    if [ -n "${LIKENESS_SHARED:-}" ]; then
        export LIKENESS_SHARED
    else
        say "NOTE: no data sets (LIKENESS_SHARED is not set): what needs real faces is skipped"
    fi
}
