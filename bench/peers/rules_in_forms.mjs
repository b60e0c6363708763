// The three engines from npm, each with rules written in its own form.
//
// A rule of the workload is {"all": [PART…]}; a part is a leaf, {"any": [LEAF…]} or {"none": [LEAF…]}; a leaf is
// {"fact", "op", "value"} with the operators ">=", "=" and "in". Each peer here takes the rules and gives
// `evaluate(facts)`: the numbers of those that hold, ascending (a promise of json-rules-engine).
import { evalCondition } from "@growthbook/growthbook";
import jsonLogic from "json-logic-js";
import { Engine } from "json-rules-engine";

// parts → leaves and groups, by a form's own constructors
const inForm = (rule, { leaf, any, none }) =>
  rule.all.map((part) => {
    if (part.any) return any(part.any.map(leaf));
    if (part.none) return none(part.none.map(leaf));
    return leaf(part);
  });

const holding = (conditions, holds) => (facts) => {
  const numbers = [];
  for (let i = 0; i < conditions.length; i++) if (holds(conditions[i], facts)) numbers.push(i);
  return numbers;
};

// One object a rule, its keys the facts: evalCondition leaves at the first that fails.
function growthbook(rules) {
  const leaf = ({ fact, op, value }) => ({
    [fact]: op === ">=" ? { $gte: value } : op === "in" ? { $in: value } : value,
  });
  const parts = { leaf, any: (leaves) => ({ $or: leaves }), none: (leaves) => ({ $nor: leaves }) };
  return holding(
    rules.map((rule) => Object.assign({}, ...inForm(rule, parts))),
    (condition, facts) => evalCondition(facts, condition),
  );
}

// `and` leaves at the first that fails.
function jsonLogicRules(rules) {
  const operators = { ">=": ">=", "=": "===", in: "in" };
  const leaf = ({ fact, op, value }) => ({ [operators[op]]: [{ var: fact }, value] });
  const parts = { leaf, any: (leaves) => ({ or: leaves }), none: (leaves) => ({ "!": [{ or: leaves }] }) };
  return holding(
    rules.map((rule) => ({ and: inForm(rule, parts) })),
    (rule, facts) => jsonLogic.apply(rule, facts),
  );
}

// Conditions of one priority are all evaluated; the first one, the most selective, therefore gets a priority of its own, which
// spares the others where it fails.
function jsonRulesEngine(rules) {
  const operators = { ">=": "greaterThanInclusive", "=": "equal", in: "in" };
  const leaf = ({ fact, op, value }) => ({ fact, operator: operators[op], value });
  const parts = { leaf, any: (leaves) => ({ any: leaves }), none: (leaves) => ({ not: { any: leaves } }) };
  const engine = new Engine([], { replaceFactsInEventParams: false });
  rules.forEach((rule, number) => {
    const [first, ...rest] = inForm(rule, parts);
    engine.addRule({
      conditions: { all: [{ ...first, priority: 10 }, ...rest] },
      event: { type: "holds", params: { number } },
    });
  });
  return async (facts) => {
    const { events } = await engine.run(facts);
    return events.map((event) => event.params.number).sort((a, b) => a - b);
  };
}

export const peers = {
  "@growthbook/growthbook": growthbook,
  "json-logic-js": jsonLogicRules,
  "json-rules-engine": jsonRulesEngine,
};
