// Evaluates a C2PA asset rubric (json-formula over crJSON) with @adobe/json-formula.
// One line in: {"metadata", "statements", "specVersion", "crjson"}.
// One line out: {"verdicts": {id: true | false | "warning"}}.
//
// What json-formula does not say and the rubrics need: `expressions` are functions over the data
// at the place of the call, and the arguments of a call are the global `$args`.
import { createInterface } from 'node:readline';

import JsonFormula, { dataTypes } from '@adobe/json-formula';

const GLOBAL = /\$[A-Za-z0-9_]+/g;

function asFunction(ast) {
  return {
    _signature: [{ types: [dataTypes.TYPE_ANY], optional: true, variadic: true }],
    _func(args, data, interpreter) {
      const outer = interpreter.globals.$args;
      interpreter.globals.$args = args;
      try {
        return interpreter.search(ast, data);
      } finally {
        interpreter.globals.$args = outer;
      }
    },
  };
}

function compiler(metadata, statements) {
  const variables = metadata.variables ?? {};
  const expressions = metadata.expressions ?? {};
  const named = [...Object.values(expressions), ...statements.map((each) => each.expression)]
    .flatMap((text) => text.match(GLOBAL) ?? []);
  const globals = [...new Set([...Object.keys(variables), ...named, '$args'])];
  const parser = new JsonFormula();
  const functions = Object.fromEntries(
    Object.entries(expressions)
      .map(([name, text]) => [name, asFunction(parser.compile(text.trim(), globals))]),
  );
  return { engine: new JsonFormula(functions), globals, variables };
}

function truth(value) {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value > 0;
  return value !== null && value !== undefined;
}

function verdict(statement, value) {
  const matched = Array.isArray(value) && value.length > 0;
  if (statement.failIfMatched) return !matched;
  if (statement.warnIfMatched) return matched ? 'warning' : true;
  return truth(value);
}

function judge({ metadata, statements, specVersion, crjson }) {
  const { engine, globals, variables } = compiler(metadata, statements);
  const values = { ...variables, $args: [], $expected_spec_version: specVersion };
  const verdicts = {};
  for (const statement of statements) {
    const ast = engine.compile(statement.expression.trim(), globals);
    const value = engine.run(ast, crjson, 'en-US', { ...values });
    verdicts[statement.id] = verdict(statement, JSON.parse(JSON.stringify(value ?? null)));
  }
  return { verdicts };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = judge(JSON.parse(line));
  } catch (thrown) {
    answer = { error: String(thrown) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
