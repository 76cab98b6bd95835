// What the sidebar asks of Node-RED. $.ajax carries the login of the editor.

export const mayWrite = () => RED.user.hasPermission('flows.write');

const place = (garden, rest) => `ripe/gardens/${encodeURIComponent(garden)}${rest}`;

export const gardens = () => $.getJSON('ripe/gardens');

export const overview = (garden, find) =>
  $.getJSON(place(garden, find === '' ? '' : `?find=${encodeURIComponent(find)}`));

/** Shows why it was refused, where it was. */
async function act(garden, rest, body) {
  const request = { type: 'POST', contentType: 'application/json', data: JSON.stringify(body) };
  try {
    return await $.ajax({ url: place(garden, rest), ...request });
  } catch (failure) {
    const reason = failure.responseJSON?.error ?? failure.statusText ?? String(failure);
    RED.notify(`RIPE: ${$('<i>').text(reason).html()}`, 'error');
    return null;
  }
}

export const stopJob = (garden, job) => act(garden, '/stop', { job });
export const stopAgent = (garden, sensor, domain) => act(garden, '/stop', { sensor, domain });
export const usePlugin = (garden, action, name) => act(garden, '/plugins', { action, name });
export const keyOf = (garden, sensor) => act(garden, '/key', { sensor });
