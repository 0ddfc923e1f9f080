Feature: Flow directives
  Where to go from a task.

  Scenario: A skipped task hands on its input and does not lead elsewhere
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-skipped-task-hands-on-its-input-and-does-not-lead-elsewhere
      version: '1.0.0'
    do:
      - a:
          if: .n > 1
          set: { wrong: true }
          then: end
      - b:
          set: { n: '${ .n }', ran: b }
    """
    And given the workflow input is:
    """yaml
    n: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 1
    ran: b
    """

  Scenario: Exit leaves the list of tasks
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: exit-leaves-the-list-of-tasks
      version: '1.0.0'
    do:
      - list:
          do:
            - a:
                set: { v: 1 }
                then: exit
            - b:
                set: { v: 2 }
      - after:
          set: { v: '${ .v + 10 }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    v: 11
    """

  Scenario: End leaves the workflow from within
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: end-leaves-the-workflow-from-within
      version: '1.0.0'
    do:
      - list:
          do:
            - deep:
                do:
                  - a:
                      set: { v: 1 }
                      then: end
      - after:
          set: { v: 2 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    v: 1
    """

  Scenario: A loop made of directives
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-loop-made-of-directives
      version: '1.0.0'
    do:
      - add:
          set: { n: '${ (.n // 0) + 1 }' }
      - more:
          switch:
            - again: { when: .n < 5, then: add }
      - end:
          set: { n: '${ .n }', done: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 5
    done: true
    """
