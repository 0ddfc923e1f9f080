Feature: Run Task
  Workflows within workflows.

  Scenario: Another workflow runs with its input
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: another-workflow-runs-with-its-input
      version: '1.0.0'
    do:
      - other:
          run:
            workflow: { namespace: default, name: inner, version: '1.0.0', input: { n: '${ .start }' } }
    """
    And given another workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: inner
      version: '1.0.0'
    do:
      - double:
          set: { n: '${ .n * 2 }', input: '${ $workflow.input }', name: '${ $workflow.definition.document.name }' }
    """
    And given the workflow input is:
    """yaml
    start: 21
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 42
    input: { n: 21 }
    name: inner
    """

  Scenario: Its output goes on
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: its-output-goes-on
      version: '1.0.0'
    do:
      - other:
          run:
            workflow: { namespace: default, name: inner, version: '1.0.0', input: { n: 1 } }
          output: { as: .n }
      - end:
          set: { got: '${ . }' }
    """
    And given another workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: inner
      version: '1.0.0'
    do:
      - double:
          set: { n: '${ .n * 2 }', input: '${ $workflow.input }', name: '${ $workflow.definition.document.name }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    got: 2
    """

  Scenario: Its newest version
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: its-newest-version
      version: '1.0.0'
    do:
      - other:
          run:
            workflow: { namespace: default, name: inner, version: latest, input: { n: 1 } }
          output: { as: .n }
    """
    And given another workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: inner
      version: '1.0.0'
    do:
      - double:
          set: { n: '${ .n * 2 }', input: '${ $workflow.input }', name: '${ $workflow.definition.document.name }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    2
    """

  Scenario: A workflow that nobody knows
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-workflow-that-nobody-knows
      version: '1.0.0'
    do:
      - t:
          try:
            - other:
                run:
                  workflow: { namespace: default, name: nowhere, version: '1.0.0' }
          catch:
            do:
              - tell:
                  set: { configuration: '${ $error.type | endswith("/configuration") }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    configuration: true
    """

  Scenario: Its error is the task's
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: its-error-is-the-task-s
      version: '1.0.0'
    do:
      - t:
          try:
            - other:
                run:
                  workflow: { namespace: default, name: failing, version: '1.0.0' }
          catch:
            do:
              - tell:
                  set: { status: '${ $error.status }' }
    """
    And given another workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: failing
      version: '1.0.0'
    do:
      - bad:
          raise: { error: { type: 'https://example.com/errors/x', status: 507 } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 507
    """

  Scenario: One that is not awaited
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: one-that-is-not-awaited
      version: '1.0.0'
    do:
      - other:
          run:
            await: false
            workflow: { namespace: default, name: inner, version: '1.0.0', input: { n: 1 } }
      - end:
          set: { kept: '${ . }' }
    """
    And given another workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: inner
      version: '1.0.0'
    do:
      - double:
          set: { n: '${ .n * 2 }', input: '${ $workflow.input }', name: '${ $workflow.definition.document.name }' }
    """
    And given the workflow input is:
    """yaml
    x: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    kept: { x: 1 }
    """

  Scenario: A context of its own
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-context-of-its-own
      version: '1.0.0'
    do:
      - a:
          set: { n: 1 }
          export: { as: '{ mine: true }' }
      - other:
          run:
            workflow: { namespace: default, name: exporting, version: '1.0.0' }
      - end:
          set: '${ $context }'
    """
    And given another workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: exporting
      version: '1.0.0'
    do:
      - b:
          set: { n: 2 }
          export: { as: '{ theirs: true }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    mine: true
    """
