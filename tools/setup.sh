#!/usr/bin/env bash
# Sets up what is missing on this machine: tools/setup.sh demo|test
# Debian packages where there are any, install.packages() otherwise.
set -u
cd "$(dirname "$0")/.." || exit 1

tools=(g++ make)
r_tools=(r-base-core r-base-dev)
required=(Depends Imports LinkingTo)
report=(digest flextable knitr patchwork rmarkdown)
# Packages whose workflows tests/friends runs.
friends=(ggeffects ggfortify Hmisc mice mitools parameters pec performance
  riskRegression rms sandwich)
case "${1:-demo}" in
  demo)
    tools+=(pandoc)
    required+=(-- "${report[@]}")
    # For DATA= of Excel, Stata, SPSS and SAS.
    wanted=("${required[@]}" haven readxl)
    ;;
  test)
    tools+=(ccache chromium clang clang-format libclang-rt-dev libeigen3-dev libgtest-dev pandoc
      pkg-config qpdf)
    wanted=("${required[@]}" Suggests -- lintr "${friends[@]}")
    required+=(-- testthat lintr "${report[@]}")
    ;;
  *) echo "usage: tools/setup.sh demo|test" >&2; exit 2 ;;
esac

has() { command -v "$1" >/dev/null 2>&1; }
say() { printf 'setup: %s\n' "$*" >&2; }
has_debian() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
missing_r() { Rscript --no-init-file tools/missing-packages.R "$@"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif has sudo; then sudo "$@"
  else say "no root and no sudo; run as root: $*"; return 1
  fi
}

lists=old
apt_update() {
  [ $lists = new ] || as_root apt-get update -qq || say "going on with the package lists at hand"
  lists=new
}
apt_install() {
  [ $# != 0 ] || return 0
  apt_update
  say "installing $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
    >/dev/null ||
    say "apt-get could not install $*"
}

# An R that does not come from Debian is left as it is, and takes no Debian package.
debian_r=no
if has apt-get && { has_debian r-base-core || ! has Rscript; }; then
  debian_r=yes
  tools+=("${r_tools[@]}")
fi
if has apt-get; then
  missing=()
  for tool in "${tools[@]}"; do has_debian "$tool" || missing+=("$tool"); done
  apt_install "${missing[@]}"
fi
for tool in Rscript g++ make; do
  has $tool || { say "$tool is missing and could not be installed"; exit 1; }
done

mapfile -t missing < <(missing_r "${wanted[@]}")
[ ${#missing[@]} != 0 ] || exit 0
if [ $debian_r = yes ]; then
  ls /var/lib/apt/lists | grep -q _Packages || apt_update
  mapfile -t packaged < <(printf 'r-cran-%s\n' "${missing[@],,}" | xargs apt-cache show 2>/dev/null |
    sed -n 's/^Package: //p' | sort -u)
  apt_install "${packaged[@]}"
  # What is only suggested and has no Debian package is not worth compiling half of CRAN for.
  mapfile -t missing < <(missing_r "${required[@]}")
fi
if [ ${#missing[@]} != 0 ]; then
  say "installing from R's own repository: ${missing[*]}"
  Rscript tools/install-packages.R "${missing[@]}"
fi
mapfile -t missing < <(missing_r "${wanted[@]}")
[ ${#missing[@]} = 0 ] || say "not installed, its tests are skipped: ${missing[*]}"
mapfile -t missing < <(missing_r "${required[@]}")
[ ${#missing[@]} = 0 ]
