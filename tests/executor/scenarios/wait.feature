Feature: Wait Task
  Waits pass, whatever way their length is written, and hand on what they were given.

  Scenario: Wait for a duration in parts
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: wait-for-a-duration-in-parts
      version: '1.0.0'
    do:
      - before:
          set: { n: 1 }
      - pause:
          wait: { minutes: 5, seconds: 30 }
      - after:
          set: { n: '${ .n + 1 }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 2
    """
    And pause should run after before
    And after should run last

  Scenario: Wait for an ISO 8601 duration
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: wait-for-an-iso-8601-duration
      version: '1.0.0'
    do:
      - pause:
          wait: P1DT2H3M4S
      - seen:
          set: { kept: '${ . }' }
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

  Scenario: A wait lasts as long as it says
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-wait-lasts-as-long-as-it-says
      version: '1.0.0'
    do:
      - begin:
          set: { at: '${ $task.startedAt.epoch.seconds }' }
      - pause:
          wait: PT1H
      - end:
          set: { long: '${ $task.startedAt.epoch.seconds - .at >= 3600 }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    long: true
    """

  Scenario: A wait for no time at all
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-wait-for-no-time-at-all
      version: '1.0.0'
    do:
      - pause:
          wait: { seconds: 0 }
      - end:
          set: { done: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    done: true
    """

  Scenario: A wait whose output is filtered
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-wait-whose-output-is-filtered
      version: '1.0.0'
    do:
      - pause:
          wait: PT1S
          output: { as: .deep }
    """
    And given the workflow input is:
    """yaml
    deep: { a: [ 1 ] }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    a: [ 1 ]
    """
