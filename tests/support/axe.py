"""Faults of access in a page, by axe-core: run its text, then what it finds serious."""

from pathlib import Path

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
#: The style sheets are not loaded a second time: no rule that is on needs them.
RUN_AXE = """() => axe.run(document, {resultTypes: ['violations'], preload: false})
  .then(found => found.violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`))"""
