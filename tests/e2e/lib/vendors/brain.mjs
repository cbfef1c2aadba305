// SPDX-License-Identifier: GPL-3.0-or-later
// What every mock vendor says, in no vendor's words: an answer depends on what was asked alone, so that a test can
// expect the same from all of them.

/// `asked`: { text, tools: [names], forced: name, required, results: [texts], images: [{ type, bytes }], schema, reasoning }.
/// The answer: { error, broken, fails, reasoning, text, calls: [{ name, input }], finish: 'stop' | 'tools' | 'length' }.
export function answerTo(asked) {
  const text = asked.text ?? '';
  const error = text.match(/^fail (\d{3})/);
  if (error) return { error: Number(error[1]) };
  const answer = { calls: [], finish: 'stop' };
  if (asked.reasoning) answer.reasoning = 'First I think.';
  if (text.startsWith('break')) return { ...answer, text: 'Half of', broken: true };
  if (text.startsWith('fail midway')) return { ...answer, text: 'Half of', fails: true };
  if (text.startsWith('long')) return { ...answer, text: 'Too long', finish: 'length' };
  if (asked.results.length > 0) return { ...answer, text: `It is ${asked.results.join(' and ')}.` };
  // What coding agents call their shell, and how they take a command.
  const file = text.match(/lines of (\S+)/);
  const shell = asked.tools.find((name) => name in shells);
  if (file && shell) {
    const input = shells[shell](`wc -l < ${file[1]}`);
    return { ...answer, text: 'Let me count.', calls: [{ name: shell, input }], finish: 'tools' };
  }
  const cities = [...text.matchAll(/weather in (\w+)(?: and (\w+))?/gi)].flatMap((match) => match.slice(1).filter(Boolean));
  if (asked.tools.includes('get_weather') && cities.length > 0) {
    const calls = cities.map((city) => ({ name: 'get_weather', input: { city } }));
    return { ...answer, text: 'Let me look.', calls, finish: 'tools' };
  }
  const forced = asked.forced ?? (asked.required ? asked.tools[0] : undefined);
  if (forced) return { ...answer, calls: [{ name: forced, input: person }], finish: 'tools' };
  if (asked.schema) return { ...answer, text: JSON.stringify(person) };
  if (asked.images.length > 0) {
    return { ...answer, text: asked.images.map(({ type, bytes }) => `${type} of ${bytes} bytes`).join(', ') };
  }
  return { ...answer, text: `You said ${text}.` };
}

const shells = {
  Bash: (command) => ({ command, description: 'Count lines' }),
  exec_command: (cmd) => ({ cmd }),
  shell_command: (command) => ({ command }),
  shell: (command) => ({ command: ['bash', '-lc', command] }),
};

export const person = { name: 'Ada', age: 36 };
/// All tokens of the prompt, those of them that came from a cache, and all that were written; each vendor reports them in
/// its own way.
export const usage = { input: 50, cached: 10, output: 20, reasoning: 5 };

/// Three pieces, as a model would stream them.
export function pieces(text) {
  const size = Math.ceil(text.length / 3) || 1;
  return text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
}
