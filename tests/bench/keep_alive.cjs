// Lets PouchDB under Node keep its connections, as it does in a browser: node-fetch, which it uses
// there, asks for each to be closed after one answer. Loaded before the peer's script.
const http = require('http');
const agent = new http.Agent({ keepAlive: true });
const send = http.request;
http.request = function (options, ...rest) {
  const headers = options && options.headers;
  if (headers && headers.Connection && !options.agent) {
    delete headers.Connection;
    options = { ...options, agent };
  }
  return send.call(this, options, ...rest);
};
