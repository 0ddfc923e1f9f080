// A real gRPC server (@grpc/grpc-js) as a process, and over HTTP the .proto file it serves.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const proto = `syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
message Item { string name = 1; int64 price_cents = 2; }
message Order {
  string customer = 1;
  repeated Item items = 2;
  map<string, string> labels = 3;
  google.protobuf.Timestamp at = 4;
}
message Receipt { string text = 1; int64 total_cents = 2; bool paid = 3; string auth = 4; }
service Shop {
  rpc Buy(Order) returns (Receipt);
  rpc Refuse(Order) returns (Receipt);
  rpc Watch(Order) returns (stream Receipt);
}
`;
const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-grpc-')), 'shop.proto');
fs.writeFileSync(file, proto);
const { shop } = grpc.loadPackageDefinition(loader.loadSync(file, { longs: String }));
fs.rmSync(path.dirname(file), { recursive: true });
const server = new grpc.Server();
server.addService(shop.v1.Shop.service, {
  buy: (call, reply) => reply(null, {
    text: `${call.request.customer} ${call.request.items.map((item) => item.name).join('+')} ${call.request.labels.colour} ${call.request.at.seconds}`,
    totalCents: call.request.items.reduce((sum, item) => sum + BigInt(item.priceCents), 0n).toString(),
    auth: call.metadata.get('authorization')[0] ?? '',
  }),
  refuse: (call, reply) => reply({ code: grpc.status.NOT_FOUND, details: 'no such thing: 100 %' }),
  watch: (call) => call.end(),
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  const files = http.createServer((request, response) => response.end(proto));
  files.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port, files: files.address().port })));
});
