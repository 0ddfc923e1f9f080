Feature: Export
  What tasks put into the context and others find there.

  Scenario: The context starts empty
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-context-starts-empty
      version: '1.0.0'
    do:
      - look:
          set: { context: '${ $context }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    context: {}
    """

  Scenario: An exported value is in the context of the tasks after it
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-exported-value-is-in-the-context-of-the-tasks-after-it
      version: '1.0.0'
    do:
      - a:
          set: { n: 1 }
          export: { as: '{ seen: .n }' }
      - b:
          set: { other: true }
      - c:
          set: { seen: '${ $context.seen }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    seen: 1
    """

  Scenario: Exports as an object with expressions in it
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: exports-as-an-object-with-expressions-in-it
      version: '1.0.0'
    do:
      - a:
          set: { n: 1 }
          export:
            as:
              first: ${ .n }
              fixed: yes it is
      - c:
          set: '${ $context }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    first: 1
    fixed: yes it is
    """

  Scenario: Exports add to the context when they say so
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: exports-add-to-the-context-when-they-say-so
      version: '1.0.0'
    do:
      - a:
          set: { n: 1 }
          export: { as: '$context + { a: .n }' }
      - b:
          set: { n: 2 }
          export: { as: '${ $context + { b: .n } }' }
      - c:
          set: '${ $context }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    a: 1
    b: 2
    """

  Scenario: The export sees the filtered output
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-export-sees-the-filtered-output
      version: '1.0.0'
    do:
      - a:
          set: { deep: { n: 3 } }
          output: { as: .deep }
          export: { as: '{ n: .n, raw: $output.n }' }
      - c:
          set: '${ $context }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 3
    raw: 3
    """

  Scenario: A context that does not fit its schema is an error
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-context-that-does-not-fit-its-schema-is-an-error
      version: '1.0.0'
    do:
      - t:
          try:
            - a:
                set: { n: text }
                export:
                  as: '{ n: .n }'
                  schema:
                    document: { type: object, properties: { n: { type: integer } } }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/validation' } }
            do:
              - tell:
                  set: { invalid: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    invalid: true
    """
