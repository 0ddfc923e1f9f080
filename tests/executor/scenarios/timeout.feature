Feature: Timeouts
  A task, or a workflow, that takes too long ends with an error of its own kind, which can be caught.

  Scenario: A task times out
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-task-times-out
      version: '1.0.0'
    do:
      - slow:
          timeout:
            after: { seconds: 2 }
          wait: PT1M
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
    status: 408
    title: Timeout
    detail: the task took longer than its timeout
    instance: /do/0/slow
    """

  Scenario: A task in time is not disturbed
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-task-in-time-is-not-disturbed
      version: '1.0.0'
    do:
      - quick:
          timeout:
            after: PT1M
          wait: PT2S
      - after:
          wait: PT2M
      - end:
          set: { fine: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    fine: true
    """

  Scenario: A timeout is caught
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-timeout-is-caught
      version: '1.0.0'
    do:
      - guarded:
          try:
            - slow:
                timeout:
                  after: PT1S
                do:
                  - inner:
                      wait: PT1H
          catch:
            errors:
              with:
                type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
            do:
              - tell:
                  set: { at: '${ $error.instance }', status: '${ $error.status }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    at: /do/0/guarded/try/0/slow
    status: 408
    """

  Scenario: A timeout by name
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-timeout-by-name
      version: '1.0.0'
    use:
      timeouts:
        short:
          after: { milliseconds: 50 }
    do:
      - slow:
          timeout: short
          wait: PT1H
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
    status: 408
    title: Timeout
    detail: the task took longer than its timeout
    instance: /do/0/slow
    """

  Scenario: The workflow times out
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-workflow-times-out
      version: '1.0.0'
    timeout:
      after: PT1H
    do:
      - slow:
          wait: P1D
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
    status: 408
    title: Timeout
    detail: the task took longer than its timeout
    """

  Scenario: A call that is not answered times out
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-call-that-is-not-answered-times-out
      version: '1.0.0'
    do:
      - guarded:
          try:
            - call:
                timeout:
                  after: { milliseconds: 100 }
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/slow/900
          catch:
            as: problem
            do:
              - tell:
                  set: { timeout: '${ $problem.type | endswith("/timeout") }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    timeout: true
    """

  Scenario: A loop around its timeouts
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-loop-around-its-timeouts
      version: '1.0.0'
    do:
      - each:
          for: { each: ms, in: '[1000, 90000]' }
          do:
            - guarded:
                try:
                  - slow:
                      timeout: { after: PT1M }
                      do:
                        - long:
                            if: $ms > 60000
                            wait: PT1H
                        - quick:
                            set: { list: '${ (.list // []) + ["in time"] }' }
                catch:
                  do:
                    - late:
                        set: { list: '${ (.list // []) + ["late"] }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    list: [ in time, late ]
    """
