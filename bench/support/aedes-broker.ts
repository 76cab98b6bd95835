// A process of its own: the library of RIPE's embedded broker, bare. Argument: the port. It says when it listens.
import { createServer } from 'node:net';
import { Aedes } from 'aedes';

const broker = await Aedes.createBroker();
createServer(broker.handle).listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('listens'));
process.once('disconnect', () => process.exit());
