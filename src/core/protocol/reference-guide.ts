import {protocolVersion} from './messages.js'

/** How to speak with a daemon, in words. Enough to write a client without reading ours. */
export const guide = `# The protocol of the harness daemon

<!-- Made by \`npm run generate\` from src/core/protocol. Do not edit. -->

Version ${protocolVersion}. The same for programs: [protocol.json](protocol.json). A client written from this page alone:
[examples/python/harness_client.py](../examples/python/harness_client.py).

JSON-RPC 2.0 over WebSocket: every message is one text frame with one JSON object. Batches and binary frames are refused.

## Find the daemon

A daemon owns a state directory: \`$HARNESS_STATE_DIR\`, else \`$XDG_STATE_HOME/harness\`, else \`~/.local/state/harness\`. Two files in it are for
clients, both readable by their owner only:

- \`daemon.json\`, written when the daemon answers and removed when it ends in order. One that was killed leaves it behind: nobody listens then.

  \`\`\`json
  {
    "pid": 4711,
    "epoch": "b1c9…",
    "version": "0.1.0",
    "protocolVersion": 1,
    "socket": "/home/me/.local/state/harness/daemon.sock",
    "url": "wss://127.0.0.1:9443",
    "fingerprint": "AB:CD:…",
    "publicKey": "SHA256:…",
    "startedAt": "2030-01-01T12:00:00.000Z"
  }
  \`\`\`

  \`url\` is \`null\` when the daemon listens at the socket only; its port may differ from one start to the next. \`fingerprint\` is the SHA-256 of the
  certificate (DER), in hexadecimal; the daemon renews the certificate before it expires, and writes the file anew. \`publicKey\` is the SHA-256 of
  its public key (SubjectPublicKeyInfo, DER), in base64 without padding: it stays the same, and is what other machines pin. Ignore keys that you do
  not know.

- \`token\`: 64 hexadecimal digits and a line break. Whoever has it can run programs as the daemon's user.

Where none runs, \`harness daemon start\` starts one, which is ready when the command ends with 0; \`harness start\` and others start one on the way.

## Connect

WebSocket (RFC 6455) over the unix socket \`socket\`, or over TLS to \`url\`. Both are the same afterwards.

| part of the upgrade request | unix socket                                    | TLS                                      |
| --------------------------- | ---------------------------------------------- | ---------------------------------------- |
| path                        | \`/\`                                            | \`/\`                                      |
| \`Host\`                      | \`localhost\`                                    | host and port of \`url\`, \`127.0.0.1:9443\` |
| \`Authorization\`             | \`Bearer TOKEN\`                                 | \`Bearer TOKEN\`                           |
| \`Origin\`                    | none: with one (a browser) the client gets 403 | none                                     |

- TLS is 1.3. The certificate signs itself, so there is no authority to ask: **pin it**. Either compare the SHA-256 of the certificate that the
  server shows with \`fingerprint\` before you send anything; or fetch the certificate first, compare it, and make it the only one that the second
  connection trusts, without a check of the host name. Never connect without either: the upgrade request carries the token.
- The token goes into the header and nowhere else, neither into the URL nor into an argument of a program.
- Compression is refused, so offers of it do no harm. The largest message **to** the daemon is 1 MiB, over the unix socket 16 MiB; those **from** it may be larger (a snapshot of
  thousands of services): raise your library's limit.
- Refusals have a status and no body: 401 wrong token (held back longer each time), 403 \`Origin\` or a foreign \`Host\`, 404 another path, 503 one client
  too many.
- The daemon pings every 15 s and drops a connection that did not react to two pings. Any WebSocket library answers them by itself.

## Converse

\`\`\`jsonc
→ {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":${protocolVersion},"client":{"name":"mine","version":"1.0.0"}}}
← {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":${protocolVersion},"daemon":{"version":"0.1.0","epoch":"b1c9…","pid":4711},"plugins":[]}}
→ {"jsonrpc":"2.0","id":2,"method":"stack.loadFile","params":{"file":"/home/me/demo/harness.yaml","env":{"PATH":"/usr/bin:/bin"},"requestId":"5b0c…"}}
← {"jsonrpc":"2.0","id":2,"result":{"stack":"demo-1a2b3c4d"}}
→ {"jsonrpc":"2.0","id":3,"method":"service.start","params":{"stack":"demo-1a2b3c4d","services":["api"],"env":{"PATH":"/usr/bin:/bin"},"requestId":"77e1…"}}
← {"jsonrpc":"2.0","method":"$/progress","params":{"id":3,"plan":[{"kind":"service","name":"db","action":"start","cause":"needed by api","after":[]},{"kind":"service","name":"api","action":"start","cause":"asked for","after":["db"]}]}}
← {"jsonrpc":"2.0","method":"$/progress","params":{"id":3,"step":{"kind":"service","name":"db","state":"Starting","waitsFor":[],"message":null,"trouble":null,"at":"2030-01-01T12:00:01.000Z"}}}
← …
← {"jsonrpc":"2.0","id":3,"result":{"stack":"demo-1a2b3c4d","started":["db","api"],"failed":[],"blocked":[],"pending":[],"unchanged":[],"tasks":[],"orphans":[],"rolledBack":[]}}
→ {"jsonrpc":"2.0","id":4,"method":"events.subscribe","params":{"topics":["service.state"],"snapshot":true}}
← {"jsonrpc":"2.0","id":4,"result":{"epoch":"b1c9…","seq":12,"snapshot":[{"stack":"demo-1a2b3c4d","name":"demo","file":"/home/me/demo/harness.yaml","services":[…],"tasks":[]}]}}
← {"jsonrpc":"2.0","method":"$/event","params":{"seq":13,"time":"2030-01-01T12:03:09.000Z","topic":"service.state","stack":"demo-1a2b3c4d","service":"db","from":"Running","to":"Failed","event":"exited","status":{…}}}
→ {"jsonrpc":"2.0","id":5,"method":"service.status","params":{"stack":"demo","services":["cash"]}}
← {"jsonrpc":"2.0","id":5,"error":{"code":-32000,"message":"No service is called 'cash'.","data":{"code":"SERVICE_UNKNOWN","subject":"cash","hint":"…"}}}
\`\`\`

- **\`initialize\`** comes first, within 5 s, and its answer is awaited: anything else before it is answered with −32002. Versions must be equal;
  otherwise the error VERSION_MISMATCH says which side to upgrade, and the connection is closed with 4002. Additions do not raise the version, so
  ignore properties, notifications, topics and states that you do not know.
- **Requests.** An \`id\` is a whole number from 0 on, and free again once it is answered. \`params\` is always an object, with no properties but those
  of the method. Answers come in any order, those of long requests last. More than 64 without an answer get BUSY.
- **Errors.** \`error.data.code\` tells what happened, \`message\` says it to people, \`data.hint\` says what to do, \`data.details\` has what programs need:
  \`problems\` of params, \`diagnostics\` of a stack file. See [Errors](#errors). A service that does not come up is no error of the request: it stands in
  \`failed\` or \`blocked\` of the result.
- **Malformed messages** are answered with an error, with their \`id\` when one could be read (else \`null\`), and the connection stays open. A broken
  WebSocket frame cannot be answered and closes it: 1002, 1007 (not UTF-8), 1008 (too many fragments) or 1009 (too large).
- **Cancel.** The notification \`$/cancelRequest\` takes a request back; it is still answered, with −32800 unless the answer was out. What a mutation has begun goes
  on, and a client that leaves cancels nothing: to undo a start, stop what it started. It ends \`logs.read\` with \`follow\`, and \`action.invoke\`.
- **Idempotency.** Each mutation has a \`requestId\` of the client's choice, 1 to 128 printable ASCII characters; take a new UUID for each thing that is
  meant. When the connection is lost before the answer, connect again and send the same method with the same id: the daemon joins the work that is
  under way, or gives the first answer again (of the last 1000, 32 MiB at most; what failed is tried again). The same id with other params is refused. Ids hold within one \`epoch\`: a daemon that was started anew does what it is asked. Starts and stops ask for a state and lose nothing by that, and a task run is known by its id to the next daemon as well; a restart comes twice, and \`service.signal\` and \`action.invoke\` are better not sent to another daemon. Progress comes only on the connection that asked first.
- **Progress.** \`$/progress\` has the \`id\` of its request: first one \`plan\` that names everything that it touches, then a \`step\` whenever something moves, and
  the \`event\`s of tasks. All of it comes before the answer.

## Stacks

What is asked of services needs their stack: its id, its name where that is unique, or the absolute path of its file. A stack is made known by
either of two methods, any number of times; neither changes what runs.

- [\`stack.loadFile\`](#stackloadfile) has the daemon read a stack file, with all that belongs to it, on its own machine. This is the way for clients in
  other languages. \`env\` gives the variables of the file. Files that are laid over others, pipes and standard input are for the command line alone.
- [\`stack.load\`](#stackload) takes a whole [\`StackDefinition\`](#stackdefinition), everything filled in, for clients that make stacks themselves.

\`env\` of a start is the environment that local processes inherit (variables called \`HARNESS_…\` are left out). What the \`.env\` file beside a stack file says
is not among it unless the client reads it. A stack with \`secrets\` needs their values as well, as \`secret.NAME\`; SECRET_MISSING names the one that is not given.

## Events

\`events.subscribe\` has the daemon send \`$/event\`s on this connection, one subscription for each connection, until it ends or \`events.unsubscribe\`.

- \`topics\`: those that are meant, none for all; one that the daemon does not know is REQUEST_INVALID. \`service.state\`, \`task.state\`, \`task.event\` (what a task says while it runs), \`service.event\` (what the type of a service makes of what it prints), \`stack.loaded\`,
  \`stack.forgotten\`; of the registry \`service.registered\`, \`service.updated\`, \`service.unregistered\` and \`network.topology\`.
- Each event has a \`seq\` that rises within an \`epoch\` of the daemon; with topics left out there are holes in what a client sees. A daemon that was
  started again has another epoch and counts from the beginning.
- \`snapshot: true\` answers with the status of all stacks as it is at \`seq\`: every event that follows is later, none is missing.
- **After a lost connection** subscribe with \`after\` (the \`seq\` of the last event that you have dealt with) and the \`epoch\` it belongs to. What was missed comes
  first, before the answer: none is lost and none comes twice. The daemon keeps the last 4096 events, of 8 MiB at most. When it has no longer what you ask for, or has
  another epoch, the answer has \`gap: true\` and a \`snapshot\` although you asked for none: take it instead of what you know.
- **A client that reads slowly** holds nobody up. Up to 1000 events, of 4 MiB at most, wait for it; then the oldest are left out, and a \`$/gap\` in their place says how many.
  Subscribe again with \`after\`, the \`seq\` of the last event before the gap, to have them all the same. \`task.event\`s and \`service.event\`s do not wait and are not kept.

## Logs

[\`logs.read\`](#logsread) sends \`$/log\` notifications with the \`id\` of its request, merged in time order, and answers when all is sent; with \`follow: true\` when it is
cancelled. \`offset\` is the position of a line in its stream: \`service\`, \`attempt\`, \`stream\` and \`offset\` name a line for good, so a client that asks again
can tell what it has had. Services and replicas that come while it follows are followed from their first line, also by the name of their service. A line with \`gap\` says that output was lost there. The daemon reads no faster than the client does.

## Channels

A request of a method with a channel (\`service.exec\`, \`service.attach\`) carries streams of bytes until it is answered. The channel has the id of the request.

\`\`\`jsonc
→ {"jsonrpc":"2.0","id":3,"method":"service.exec","params":{"stack":"demo","service":"api","command":["cat"]}}
→ {"jsonrpc":"2.0","method":"$/input","params":{"channel":3,"data":"aGVsbG8K"}}
→ {"jsonrpc":"2.0","method":"$/inputEnd","params":{"channel":3}}
← {"jsonrpc":"2.0","method":"$/opened","params":{"channel":3}}
← {"jsonrpc":"2.0","method":"$/output","params":{"channel":3,"stream":"stdout","data":"aGVsbG8K"}}
→ {"jsonrpc":"2.0","method":"$/credit","params":{"channel":3,"bytes":6}}
← {"jsonrpc":"2.0","id":3,"result":{"exitCode":0,"signal":null,"reason":null}}
\`\`\`

- \`data\` is base64; bytes arrive as they were sent, secrets included. Input may follow the request at once.
- Each way at most \`windowBytes\` may be on their way: whoever receives gives credit with \`$/credit\` for what it has done with, and whoever
  sends waits for it. A client that gives none costs the daemon no more than that; one that sends more than it may is sent away (1008).
- A client that takes its request back, or leaves, ends the command of a \`service.exec\`, and leaves a service that it was attached to.`
