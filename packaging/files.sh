# shellcheck shell=sh disable=SC2154
# What belongs where, for `make install` and the Debian package. Below $destdir; $prefix and $etc are where it is used.
# Everything that is put is printed, and every folder/ that is made, without $destdir, a folder before what lies in it.

folder() {
  [ -d "$destdir$1" ] || {
    folder "${1%/*}"
    mkdir "$destdir$1"
    echo "$1/"
  }
}

put() { # SOURCE FILE
  folder "${2%/*}"
  install --mode 644 "$1" "$destdir$2"
  echo "$2"
}

put_files() { # PACKAGING ENVIRONMENT
  # In /etc a file is ours for as long as nobody has edited it.
  if [ ! -e "$destdir$etc/logrotate.d/scan" ] || is_unedited; then
    folder "$etc/logrotate.d"
    install --mode 644 "$1/logrotate/scan" "$destdir$etc/logrotate.d/scan"
  fi
  put "$1/logrotate/scan" "$prefix/share/doc/scan/examples/logrotate"

  for unit in "$1"/systemd/*.service "$1"/systemd/*.timer "$1"/systemd/*.socket; do
    put "$unit" "$prefix/lib/systemd/system/${unit##*/}"
    sed -i "s|/usr/bin/scan|$prefix/bin/scan|" "$destdir$prefix/lib/systemd/system/${unit##*/}"
  done
  put "$1/systemd/scan.preset" "$prefix/lib/systemd/system-preset/85-scan.preset"
  put "$1/systemd/scan.sysusers" "$prefix/lib/sysusers.d/scan.conf"
  put "$1/systemd/scan.tmpfiles" "$prefix/lib/tmpfiles.d/scan.conf"

  for page in README.md CHANGELOG.md $(cd "$1/.." && echo docs/*.md); do
    put "$1/../$page" "$prefix/share/doc/scan/$page"
  done

  # Man pages and completions come in the wheel.
  for file in $(cd "$2/share" && find . -type f | sort); do
    put "$2/share/$file" "$prefix/share/${file#./}"
  done
  rm -r "$2/share"

  folder "$prefix/lib/scan"
  rm -rf "$destdir$prefix/lib/scan/packaged"
  mv "$2" "$destdir$prefix/lib/scan/packaged"
  folder "$prefix/bin"
  ln -sfT ../lib/scan/current/bin/scan "$destdir$prefix/bin/scan"
  echo "$prefix/bin/scan"
}

is_unedited() {
  cmp -s "$destdir$etc/logrotate.d/scan" "$destdir$prefix/share/doc/scan/examples/logrotate"
}
