#!/bin/sh
# Installs the parts that the tests talk to, where it may (Debian or Ubuntu, as root or with sudo that asks nothing).
# What cannot be installed is said; the tests that need it then skip with the same words, or fail where
# LIENTHU_REQUIRE_ALL=1.
set -u

wanted=""
command -v chromium >/dev/null 2>&1 || wanted="$wanted chromium"
fc-list 2>/dev/null | grep -qi "CJK" || wanted="$wanted fonts-noto-cjk fonts-noto-core"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
command -v recode >/dev/null 2>&1 || wanted="$wanted recode"
command -v mvn >/dev/null 2>&1 || wanted="$wanted maven"
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null 2>&1 || wanted="$wanted nginx-light"
command -v openssl >/dev/null 2>&1 || wanted="$wanted openssl"
command -v zebrasrv >/dev/null 2>&1 && ls /usr/lib/*/idzebra-2.0/modules/mod-dom.so >/dev/null 2>&1 ||
    wanted="$wanted idzebra-2.0-utils idzebra-2.0-common libidzebra-2.0-mod-dom libidzebra-2.0-mod-grs-marc"
command -v yaz-ztest >/dev/null 2>&1 || wanted="$wanted yaz"
perl -MCatmandu::MARC -MDancer::Plugin::Catmandu::OAI -e1 >/dev/null 2>&1 ||
    wanted="$wanted libdancer-plugin-catmandu-oai-perl libcatmandu-marc-perl"
[ -n "$wanted" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo -n"; else
        echo "Some tests will be skipped. To run them all, install:$wanted" >&2
        exit 0
    fi
fi
command -v apt-get >/dev/null 2>&1 || { echo "Some tests will be skipped. To run them all, install:$wanted" >&2; exit 0; }
echo "Installing for the tests:$wanted"
log=$(mktemp)
$as_root apt-get update -qq >"$log" 2>&1
# shellcheck disable=SC2086 # the names are meant to be split
if ! DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $wanted >>"$log" 2>&1; then
    tail -5 "$log" >&2
    echo "Could not install:$wanted. The tests that need them will be skipped." >&2
fi
rm -f "$log"
