#!/bin/sh
# What an administrator says to the register under systemd, said as the register's own user: as-the-register.sh users list
# As root it would make files that the service cannot write. Copy it to /usr/local/sbin. Files that are named lie in /var/lib/hedgerow.
set -eu
exec systemd-run --quiet --pipe --wait --collect \
  --property=DynamicUser=yes --property=User=hedgerow-register \
  --property=StateDirectory=hedgerow --property=StateDirectoryMode=0700 --property=UMask=0077 \
  --property=WorkingDirectory=/var/lib/hedgerow --property=EnvironmentFile=/etc/hedgerow/register.env \
  /opt/hedgerow/venv/bin/hedgerow register "$@" --database-env HEDGEROW_REGISTER
