"""Starts a stack and follows what happens to it: harness_client.py STACK_FILE [SERVICE...]; needs `pip install websockets`."""
import asyncio, hashlib, itertools, json, os, signal, ssl, sys, uuid
from pathlib import Path
from websockets.asyncio.client import connect, unix_connect
from websockets.exceptions import ConnectionClosed

STATE = Path(os.environ.get("HARNESS_STATE_DIR") or Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "harness")

def dial():
    info, token = json.loads((STATE / "daemon.json").read_text()), (STATE / "token").read_text().strip()
    options = {"additional_headers": {"Authorization": f"Bearer {token}"}, "max_size": None}
    if "USE_TLS" not in os.environ: return unix_connect(info["socket"], **options)
    return connect(info["url"], ssl=pinned(info["url"], info["fingerprint"]), proxy=None, **options)

def pinned(url, fingerprint):
    """TLS that trusts this one certificate: whoever shows another never sees the token."""
    host, port = url.removeprefix("wss://").rsplit(":", 1)
    pem = ssl.get_server_certificate((host.strip("[]"), int(port)))
    if hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() != fingerprint.replace(":", "").lower():
        raise ConnectionError("Who answers shows another certificate than the one in daemon.json.")  # The daemon may be away.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.minimum_version = False, ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=pem)
    return context

class Daemon:
    async def __aenter__(self):
        self.socket, self.ids, self.events = await dial(), itertools.count(1), []
        await self.call("initialize", protocolVersion=1, client={"name": "python", "version": "1.0.0"})
        return self
    async def __aexit__(self, *_): await self.socket.close()
    async def call(self, method, **params):
        request = {"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params}
        await self.socket.send(json.dumps(request))
        while (message := json.loads(await self.socket.recv())).get("id") != request["id"]: self.hear(message)
        if error := message.get("error"): raise SystemExit(f"{error['message']} {error['data']['hint']}")
        return message["result"]
    def hear(self, message):
        if message["method"] in ("$/event", "$/gap"): self.events.append(message["params"])
        elif step := message["params"].get("step"): print(step["name"], step["state"], flush=True)
    async def next_event(self):
        while not self.events: self.hear(json.loads(await self.socket.recv()))
        return self.events.pop(0)

async def main(file, *services, seen={}):
    mutation = lambda: {"env": dict(os.environ), "requestId": str(uuid.uuid4())}
    async with Daemon() as daemon:
        stack = (await daemon.call("stack.loadFile", file=os.path.abspath(file), **mutation()))["stack"]
        print(await daemon.call("service.start", stack=stack, services=services, **mutation()), flush=True)
    while True:  # Each event once, whatever happens to the connection: `seen` says where to go on.
        try:
            async with Daemon() as daemon:
                now = await daemon.call("events.subscribe", topics=["service.state"], snapshot=not seen, **seen)
                for s in now.get("snapshot", []): print("now", {x["name"]: x["state"] for x in s["services"]}, flush=True)
                while "gap" not in (event := await daemon.next_event()):  # We were too slow: ask again for what was left out.
                    print(event["seq"], event["service"], event["from"], "->", event["to"], flush=True)
                    seen = {"epoch": now["epoch"], "after": event["seq"]}
        except (ConnectionClosed, OSError): await asyncio.sleep(0.5)  # The daemon is away; its services go on.
signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C needs no traceback.
asyncio.run(main(*sys.argv[1:]))
