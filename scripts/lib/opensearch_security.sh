# shellcheck shell=bash
# Source this file after opensearch.sh: certificates, users and secrets of `scripts/opensearch up --security`.
#
# They are made anew by each `up`, in the folder `security` beside those of the nodes:
#   ca.pem                      who signed the rest
#   client.pem client.key       a client's certificate, whose bearer is the user films-client
#   <user>.password             of admin, reader and writer
#   bearer.token                of the user films-bearer
# Nothing of it appears in an output or on a command line.

: "${process_folder:=$PWD/build/opensearch/server}"
security_folder() { echo "$process_folder/security"; }

# certificate <name> <common name> <extensions>: signed by the CA, valid for ten days.
certificate() {
  local folder
  folder=$(security_folder)
  openssl req -new -newkey rsa:2048 -noenc -keyout "$folder/$1.key" -subj "/CN=$2" -out "$folder/$1.csr" 2>/dev/null
  openssl x509 -req -in "$folder/$1.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial -days 10 \
    -extfile <(echo "$3") -out "$folder/$1.pem" 2>/dev/null
  rm "$folder/$1.csr"
}

make_certificates() {
  local folder
  folder=$(security_folder)
  openssl req -x509 -newkey rsa:2048 -noenc -keyout "$folder/ca.key" -subj '/CN=Hydrant test CA' -days 10 \
    -addext keyUsage=critical,keyCertSign,cRLSign -out "$folder/ca.pem" 2>/dev/null
  certificate node opensearch-node $'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth'
  certificate client films-client extendedKeyUsage=clientAuth
}

# bcrypt: reads a password, prints its hash. Perl is on every Debian, and its crypt knows bcrypt.
bcrypt() {
  perl -e 'my $p = <STDIN>; chomp $p; print crypt($p, "\$2y\$10\$" . $ARGV[0]), "\n"' "$(openssl rand -hex 11)"
}

make_users() {
  local user folder
  folder=$(security_folder)
  for user in admin reader writer; do
    openssl rand -hex 12 >"$folder/$user.password"
    printf '%s:\n  hash: "%s"\n' "$user" "$(bcrypt <"$folder/$user.password")"
    if [[ $user == admin ]]; then echo '  backend_roles: [admin]'; fi
  done >"$folder/users"
  printf 'user = "admin:%s"\n' "$(<"$folder/admin.password")" >"$folder/admin.curl"
}

base64url() { openssl base64 -A | tr -- '+/' '-_' | tr -d =; }

# A signed JSON web token that ends in ten days.
make_token() {
  local folder key content
  folder=$(security_folder)
  key=$(openssl rand -hex 32)
  content=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
  content+=.$(printf '{"sub":"films-bearer","exp":%d}' $(($(date +%s) + 864000)) | base64url)
  # Python takes the key from a pipe; an option of openssl would show it to everybody.
  printf '%s.%s\n' "$content" "$(printf '%s\n%s' "$key" "$content" | python3 -c '
import base64, hashlib, hmac, sys
key, content = sys.stdin.read().split("\n")
signature = hmac.digest(key.encode(), content.encode(), hashlib.sha256)
sys.stdout.write(base64.urlsafe_b64encode(signature).decode().strip("="))
')" >"$folder/bearer.token"
  printf %s "$key" | openssl base64 -A >"$folder/signing.key"
}

make_secrets() {
  (
    umask 077
    mkdir -p "$(security_folder)"
    make_certificates
    make_users
    make_token
  )
}

# In opensearch.yml of each node.
security_settings() {
  cat <<'YAML'
plugins.security.allow_default_init_securityindex: true
plugins.security.nodes_dn: ['CN=opensearch-node']
plugins.security.restapi.roles_enabled: [all_access]
plugins.security.ssl.http.enabled: true
plugins.security.ssl.http.clientauth_mode: OPTIONAL
plugins.security.ssl.http.pemcert_filepath: node.pem
plugins.security.ssl.http.pemkey_filepath: node.key
plugins.security.ssl.http.pemtrustedcas_filepath: ca.pem
plugins.security.ssl.transport.enforce_hostname_verification: false
plugins.security.ssl.transport.pemcert_filepath: node.pem
plugins.security.ssl.transport.pemkey_filepath: node.key
plugins.security.ssl.transport.pemtrustedcas_filepath: ca.pem
YAML
}

# empty_kind <kind>: a file of the plugin in which nothing is defined.
empty_kind() { printf '_meta:\n  type: %s\n  config_version: 2\n' "$1"; }

# security_files <folder of a node's configuration>
security_files() {
  local target=$1/opensearch-security folder line
  folder=$(security_folder)
  cp "$folder"/{ca.pem,node.pem,node.key} "$1"
  mkdir -p "$target"
  cp tests/opensearch/security/{roles,roles_mapping}.yml "$target"
  while IFS= read -r line; do
    echo "${line/@SIGNING_KEY@/"$(<"$folder/signing.key")"}"
  done <tests/opensearch/security/config.yml >"$target/config.yml"
  { empty_kind internalusers && cat "$folder/users"; } >"$target/internal_users.yml"
  empty_kind actiongroups >"$target/action_groups.yml"
  empty_kind tenants >"$target/tenants.yml"
  chmod -R go= "$1"
}
