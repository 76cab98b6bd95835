import { mayWrite, usePlugin } from './client.js';
import { button, drawList, element, section, setText } from './dom.js';
import { text } from './texts.js';

const LOOKS = {
  well: 'fa-check-circle ripe-good',
  behind: 'fa-exclamation-circle ripe-warning',
  failed: 'fa-times-circle ripe-bad',
};

/** Loaded plugins with their version and health; those that are files can be looked at again, or taken back. */
export function createPlugins(garden) {
  const rescan = button(text('plugins.reload'), () => usePlugin(garden(), 'rescan'));
  const tools = element('div', 'ripe-line', rescan);
  tools.style.padding = '0 8px 8px';
  tools.hidden = !mayWrite();
  const part = section(text('plugins.title'), [tools]);
  return {
    root: part.root,
    draw({ plugins }) {
      part.show(String(plugins.length), plugins.length === 0 ? text('plugins.none') : '');
      drawList(
        part.list,
        plugins,
        ({ plugin, source, name }) => `${source}/${plugin}/${name}`,
        () => createPlugin(garden),
      );
    },
  };
}

function createPlugin(garden) {
  let shown = null;
  const nameOf = () => shown.name ?? shown.plugin;
  const [icon, name, version] = [element('i', 'fa'), element('span', 'ripe-name'), element('span')];
  const [source, trouble] = [element('div', 'ripe-quiet'), element('div', 'ripe-bad ripe-text')];
  const back = button('', () => usePlugin(garden(), 'rollBack', nameOf()));
  const pin = button('', () => usePlugin(garden(), shown.isPinned ? 'unpin' : 'pin', nameOf()));
  return {
    row: element(
      'li',
      '',
      element('div', 'ripe-line', icon, name, version),
      source,
      trouble,
      element('div', 'ripe-line', back, pin),
    ),
    draw(plugin) {
      shown = plugin;
      icon.className = `fa ${LOOKS[plugin.health]}`;
      icon.title = text(`plugins.${plugin.health}`);
      setText(name, nameOf());
      setText(version, plugin.version ?? '');
      const marks = [
        plugin.isPinned && text('plugins.pinned'),
        plugin.health !== 'failed' && !plugin.isInService && text('plugins.superseded'),
      ];
      const brings = plugin.plugin === nameOf() ? '' : plugin.plugin;
      setText(
        source,
        [text(`plugins.source.${plugin.source}`), brings, ...marks].filter(Boolean).join(' · '),
      );
      setText(
        trouble,
        plugin.refused === null ? '' : `${plugin.refused.version ?? ''} ${plugin.refused.reason}`.trim(),
      );
      trouble.hidden = plugin.refused === null;
      const isFile = plugin.source === 'folder' || plugin.source === 'palette';
      back.hidden = !mayWrite() || !isFile || plugin.lastGood === null;
      setText(back, text('plugins.rollBack', { version: plugin.lastGood ?? '' }));
      pin.hidden = !mayWrite() || !isFile || plugin.version === null;
      setText(pin, text(plugin.isPinned ? 'plugins.unpin' : 'plugins.pin'));
    },
  };
}
