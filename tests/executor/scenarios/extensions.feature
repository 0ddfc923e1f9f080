Feature: Extensions
  Tasks around other tasks.

  Scenario: Before and after a task, whose data they leave alone
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: before-and-after-a-task-whose-data-they-leave-alone
      version: '1.0.0'
    use:
      extensions:
        - log:
            extend: set
            before:
              - begin:
                  set: { log: begin }
            after:
              - over:
                  set: { log: end }
    do:
      - a:
          set: { n: '${ .n + 1 }' }
    """
    And given the workflow input is:
    """yaml
    n: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 2
    """
    And begin should run before over
    And begin should run after a
    And over should run last

  Scenario: A task is replaced
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-task-is-replaced
      version: '1.0.0'
    use:
      extensions:
        - mock:
            extend: call
            when: $task.with.endpoint | startswith("https://mocked.example.com")
            before:
              - answer:
                  set: { foo: bar }
                  then: exit
    do:
      - get:
          call: http
          with: { method: get, endpoint: 'https://mocked.example.com/x' }
          output: { as: .foo }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    bar
    """

  Scenario: The condition decides
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-condition-decides
      version: '1.0.0'
    use:
      extensions:
        - mock:
            extend: call
            when: $task.with.endpoint | startswith("https://mocked.example.com")
            before:
              - answer:
                  set: { foo: bar }
                  then: exit
    do:
      - get:
          call: http
          with: { method: get, endpoint: 'https://petstore.swagger.io/v2/pet/7' }
          output: { as: .id }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    7
    """

  Scenario: Extensions of all tasks see the task they extend
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: extensions-of-all-tasks-see-the-task-they-extend
      version: '1.0.0'
    use:
      extensions:
        - trace:
            extend: all
            after:
              - note:
                  set: { at: '${ $task.reference }' }
                  export: { as: '$context + { trace: (($context.trace // []) + [$task.name]) }' }
    do:
      - a:
          set: { x: 1 }
      - b:
          do:
            - c:
                set: { x: 2 }
      - end:
          set: '${ $context }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    trace: [ a, c, b ]
    """

  Scenario: What fails in an extension fails the task
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: what-fails-in-an-extension-fails-the-task
      version: '1.0.0'
    use:
      extensions:
        - strict:
            extend: set
            before:
              - refuse:
                  raise: { error: { type: 'https://example.com/errors/refused', status: 403 } }
    do:
      - t:
          try:
            - a:
                set: { x: 1 }
          catch:
            do:
              - tell:
                  wait: PT1S
                  output: { as: '{ status: $error.status }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 403
    """

  Scenario: Several extensions run in their order
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: several-extensions-run-in-their-order
      version: '1.0.0'
    use:
      extensions:
        - one:
            extend: wait
            before:
              - first:
                  set: { x: 1 }
                  export: { as: '$context + { order: (($context.order // []) + [1]) }' }
        - two:
            extend: wait
            before:
              - second:
                  set: { x: 2 }
                  export: { as: '$context + { order: (($context.order // []) + [2]) }' }
    do:
      - a:
          wait: PT1S
      - end:
          set: '${ $context }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    order: [ 1, 2 ]
    """
    And first should run before second

  Scenario: Inside a loop the variables of the loop are the task's again
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: inside-a-loop-the-variables-of-the-loop-are-the-task-s-again
      version: '1.0.0'
    use:
      extensions:
        - around:
            extend: set
            before:
              - loop:
                  for: { each: m, in: '[7]' }
                  do:
                    - inner:
                        set: { m: '${ $m }' }
    do:
      - all:
          for: { each: n, in: '[1, 2]' }
          do:
            - add:
                set: { list: '${ (.list // []) + [$n] }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    list: [ 1, 2 ]
    """
