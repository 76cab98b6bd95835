const TEXTS = {
  en: {
    title: 'Your garden',
    password: 'Password',
    enter: 'Log in',
    wrong: 'That is not the password.',
    wait: (minutes: number) => `Too many tries. Try again in ${minutes} min.`,
    foreign: 'This form was sent from another page. Please try again here.',
  },
  de: {
    title: 'Dein Garten',
    password: 'Passwort',
    enter: 'Anmelden',
    wrong: 'Das ist nicht das Passwort.',
    wait: (minutes: number) => `Zu viele Versuche. In ${minutes} min geht es wieder.`,
    foreign: 'Dieses Formular kam von einer anderen Seite. Bitte hier noch einmal.',
  },
} as const;

export type LoginTrouble =
  | { readonly kind: 'wrong' | 'foreign' }
  | { readonly kind: 'wait'; readonly seconds: number };

/** Needs nothing from anywhere else, and runs no script. */
export const LOGIN_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'";

const STYLE = `
:root { color-scheme: light dark; --page: #f3f5f1; --card: #fff; --ink: #1c2a1e; --soft: #5b6b5e; --line: #cfd8d0; --leaf: #2e7d32; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #121712; --card: #1c231d; --ink: #e6ede6; --soft: #a3b1a5; --line: #3a463c; --leaf: #66bb6a; --bad: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 360px; background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 32px 24px; }
svg { display: block; width: 48px; height: 48px; fill: var(--leaf); }
h1 { font-size: 22px; margin: 12px 0 20px; }
label { display: block; font-size: 14px; color: var(--soft); margin-bottom: 4px; }
input { width: 100%; font: inherit; padding: 12px; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; }
input:focus-visible, button:focus-visible { outline: 3px solid var(--leaf); outline-offset: 2px; }
button { width: 100%; margin-top: 16px; padding: 12px; font: inherit; font-weight: 600; border: 0; border-radius: 8px; background: var(--leaf); color: var(--card); cursor: pointer; }
p { color: var(--bad); margin: 12px 0 0; }`;

const LEAF = 'M4 20C3 10 9 4 21 3c0 12-6 18-15 16l7-8-9 9z';

/** `place` is where the form goes, `next` where a right password leads. */
export function loginPage(
  place: string,
  next: string,
  language: 'en' | 'de',
  trouble?: LoginTrouble,
): string {
  const texts = TEXTS[language];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title} · RIPE</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${LEAF}"/></svg>
<h1>${texts.title}</h1>
<form method="post" action="${escaped(place)}/login">
<input type="hidden" name="next" value="${escaped(next)}">
<input type="text" name="username" value="admin" autocomplete="username" hidden>
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus${
    trouble === undefined ? '' : ' aria-describedby="trouble"'
  }>
<button type="submit">${texts.enter}</button>
${trouble === undefined ? '' : `<p id="trouble" role="alert">${troubleText(trouble, language)}</p>`}
</form>
</main>
</body>
</html>
`;
}

function troubleText(trouble: LoginTrouble, language: 'en' | 'de'): string {
  const texts = TEXTS[language];
  return trouble.kind === 'wait' ? texts.wait(Math.ceil(trouble.seconds / 60)) : texts[trouble.kind];
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
