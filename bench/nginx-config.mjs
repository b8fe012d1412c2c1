import { CLIENT_KEY, UPSTREAM_KEY } from './payloads.mjs';

/** One worker that maps the client's key to the account's, keeps connections and buffers nothing. */
export function nginxConfig({ port, mockPort }) {
  const isRoot = process.getuid?.() === 0;
  return `${isRoot ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid nginx.pid;
worker_rlimit_nofile 20000;
events { worker_connections 9000; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 100000000;
  keepalive_timeout 600s;
  client_body_buffer_size 256k;
  client_max_body_size 64m;
  map $http_authorization $account_key {
    default "";
    "Bearer ${CLIENT_KEY}" "${UPSTREAM_KEY}";
  }
  upstream vendor {
    server 127.0.0.1:${mockPort};
    keepalive 2048;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      if ($account_key = "") { return 401; }
      proxy_pass http://vendor;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer $account_key";
      proxy_set_header x-api-key $account_key;
      proxy_buffering off;
      proxy_request_buffering on;
      proxy_read_timeout 600s;
    }
  }
}
`;
}
