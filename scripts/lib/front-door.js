// What a person finds who has only the address of the machine.
import { networkInterfaces } from 'node:os';

/** Where other devices of the network reach this machine; null: it has no network, or listens to one address only. */
export function addressInNetwork(host, interfaces = networkInterfaces()) {
  if (host !== '0.0.0.0') return null;
  const addresses = Object.values(interfaces).flat();
  return addresses.find((each) => each?.family === 'IPv4' && !each.internal)?.address ?? null;
}

/** Leads from `/` to the home page, unless a flow answers there: flows come first, also those that are deployed later. */
export function leadHome(app, home) {
  const { handle } = app;
  app.handle = (request, response, next) =>
    handle.call(app, request, response, (error) => {
      const isDoor = request.path === '/' && ['GET', 'HEAD'].includes(request.method);
      if (error || !isDoor) next(error);
      else response.redirect(home);
    });
}
