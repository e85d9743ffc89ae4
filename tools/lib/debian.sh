# Packages and sources of another Debian suite than the machine's own. POSIX sh, sourced after common.sh.
#
# The mirror is the one of the machine's own apt sources. The packages are not checked against a key: an older Debian does not
# have the one of a newer. They are run by tests alone.

debian_mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        grep -v '^ *#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | sed 's#[/ ]*$##'
}

# debian_apt FOLDER KIND SUITE [ARCHITECTURE]: an apt of its own in FOLDER for "deb" or "deb-src" lines, used with
# APT_CONFIG=FOLDER/conf.
# Fails where the machine's apt sources name no mirror.
debian_apt() {
    debian_url=$(debian_mirror)
    [ -n "$debian_url" ] || return 1
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial" "$1/etc/apt.conf.d" "$1/etc/preferences.d" "$1/state" "$1/debs"
    : >"$1/status"
    echo "$2 [trusted=yes] $debian_url $3 main" >"$1/etc/sources.list"
    cat >"$1/conf" <<CONF
Dir::Etc "$1/etc";
Dir::Etc::sourcelist "$1/etc/sources.list";
Dir::Etc::sourceparts "$1/etc/none";
Dir::Etc::parts "$1/etc/apt.conf.d";
Dir::State "$1/state";
Dir::State::lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Check-Date "false";
APT::Architecture "${4:-amd64}";
APT::Architectures "${4:-amd64}";
APT::Sandbox::User "root";
CONF
}
